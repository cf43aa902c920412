import { describe, expect, test } from "vitest";

import { arrowsPointInward, importsOf, noImportCycles, peersAreTakenByShape } from "./imports.ts";
import { readTree } from "./tree.ts";

const tree = readTree();

describe("imports", () => {
  test("point inward, by public entry points", () => {
    expect(arrowsPointInward(tree)).toEqual([]);
  });

  test("make no cycle, type-only imports counted", () => {
    expect(noImportCycles(tree)).toEqual([]);
  });

  test("leave a package's peers alone", () => {
    expect(peersAreTakenByShape(tree)).toEqual([]);
  });
});

describe("the rules about imports", () => {
  const complaints = (path: string, specifier: string) =>
    arrowsPointInward([{ path, text: `import { x } from "${specifier}";` }]);

  test("see every kind of import", () => {
    const text = [
      'import a from "./a.ts";',
      'import type { B } from "./b.ts";',
      'export * from "./c.ts";',
      'export type { D } from "./d.ts";',
      'const e = await import("./e.ts");',
      'type F = import("./f.ts").F;',
      'import "./g.ts";',
    ].join("\n");
    const found = importsOf({ path: "packages/core/src/x.ts", text });
    expect(found.map(({ specifier, line }) => `${line} ${specifier}`).toSorted()).toEqual(
      ["a", "b", "c", "d", "e", "f", "g"].map((name, index) => `${index + 1} ./${name}.ts`),
    );
  });

  test.each([
    ["packages/core/src/a.ts", "@hooklatch/providers/chip"],
    ["packages/core/src/a.ts", "@hooklatch/core"],
    ["packages/core/src/a.test.ts", "@hooklatch/express"],
    ["packages/express/src/a.ts", "@hooklatch/providers/chip"],
    ["packages/providers/src/a.ts", "@hooklatch/mock-sender"],
    ["packages/mock-sender/src/a.ts", "@hooklatch/express"],
    ["packages/express/src/a.ts", "../../core/src/receiver.ts"],
    ["test/flows/a.test.ts", "../../packages/core/src/receiver.ts"],
    ["examples/demo/src/a.ts", "../../../packages/core/src/index.ts"],
    ["packages/core/src/steps/read.ts", "./admit.ts"],
  ])("refuse that %s imports %s", (path, specifier) => {
    expect(complaints(path, specifier)).toHaveLength(1);
  });

  test.each([
    ["packages/core/src/steps/read.ts", "../deadline.ts"],
    ["packages/core/src/steps/read.test.ts", "./read.ts"],
    ["packages/express/src/a.ts", "@hooklatch/core/node"],
    ["packages/mock-sender/src/a.ts", "@hooklatch/providers/chip"],
    ["test/flows/a.test.ts", "@hooklatch/express"],
    ["examples/demo/src/a.ts", "@hooklatch/mock-sender"],
  ])("allow that %s imports %s", (path, specifier) => {
    expect(complaints(path, specifier)).toEqual([]);
  });

  test("find a cycle of three files that only types close", () => {
    const cycle = noImportCycles([
      { path: "test/a.ts", text: 'import "./b.ts";' },
      { path: "test/b.ts", text: 'export { c } from "./c.ts";' },
      { path: "test/c.ts", text: 'import type { A } from "./a.ts";' },
    ]);
    expect(cycle).toEqual(["test/a.ts -> test/b.ts -> test/c.ts -> test/a.ts"]);
  });

  test("find a type-only import of a peer, but not in a test", () => {
    const text = 'import type { Request } from "express";';
    const found = peersAreTakenByShape([
      { path: "packages/express/package.json", text: '{ "peerDependencies": { "express": "*" } }' },
      { path: "packages/express/src/a.ts", text },
      { path: "packages/express/src/a.test.ts", text },
    ]);
    expect(found).toEqual(["packages/express/src/a.ts:1: express: take the peer by its shape"]);
  });

  test("allow the types of an optional peer in an event map, and there only", () => {
    const manifest =
      '{ "peerDependencies": { "acme": "*" }, "peerDependenciesMeta": { "acme": { "optional": true } } }';
    const found = peersAreTakenByShape([
      { path: "packages/providers/package.json", text: manifest },
      { path: "packages/providers/src/acme/events.ts", text: 'import type { Event } from "acme";' },
      { path: "packages/providers/src/acme/acme.ts", text: 'import type { Event } from "acme";' },
      { path: "packages/providers/src/other/events.ts", text: 'import { Event } from "acme";' },
    ]);
    expect(found).toEqual([
      "packages/providers/src/acme/acme.ts:1: acme: take the peer by its shape",
      "packages/providers/src/other/events.ts:1: acme: take the peer by its shape",
    ]);
  });
});
