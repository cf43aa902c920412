import { describe, expect, test } from "vitest";

import { commandsExist, examplesAreTested, mapIsComplete, packagesAreComplete } from "./packages.ts";
import { readTree } from "./tree.ts";
import type { Tree } from "./tree.ts";

const tree = readTree();

describe("the repository", () => {
  test("has complete packages", () => {
    expect(packagesAreComplete(tree)).toEqual([]);
  });

  test("tests every example", () => {
    expect(examplesAreTested(tree)).toEqual([]);
  });

  test("names every package and example in CONTRIBUTING's map", () => {
    expect(mapIsComplete(tree)).toEqual([]);
  });

  test("has the commands that its README and CI name", () => {
    expect(commandsExist(tree)).toEqual([]);
  });
});

describe("the rules about packages", () => {
  const manifest = (exports: object, published: object) =>
    JSON.stringify({ exports, publishConfig: { exports: published } });
  const complete = (text: string): Tree => [
    { path: "packages/a/package.json", text },
    { path: "packages/a/README.md", text: "" },
    { path: "packages/a/LICENSE", text: "" },
    { path: "packages/a/src/index.ts", text: "" },
  ];
  const source = { ".": "./src/index.ts" };
  const built = { ".": { types: "./dist/index.d.ts", default: "./dist/index.js" } };

  test("are content with a complete package", () => {
    expect(packagesAreComplete(complete(manifest(source, built)))).toEqual([]);
  });

  test.each([
    [
      "an entry point without a source",
      { ".": "./src/main.ts" },
      { ".": { types: "./dist/main.d.ts", default: "./dist/main.js" } },
    ],
    ["an entry point that is not published", source, {}],
    ["a published entry point that has no source", source, { ...built, "./extra": built["."] }],
    ["a build that is not the source's", source, { ".": { types: "./dist/index.d.ts", default: "./dist/other.js" } }],
    ["types behind the code", source, { ".": { default: "./dist/index.js", types: "./dist/index.d.ts" } }],
    ["no entry points", {}, {}],
  ])("find %s", (_what, exports, published) => {
    expect(packagesAreComplete(complete(manifest(exports, published)))).toHaveLength(1);
  });

  test("find a package without README and LICENSE", () => {
    const files = complete(manifest(source, built)).filter(({ path }) => !/README|LICENSE/.test(path));
    expect(packagesAreComplete(files)).toEqual(["packages/a: has no README.md", "packages/a: has no LICENSE"]);
  });

  test("find an example without a test", () => {
    const example = { path: "examples/a/package.json", text: "{}" };
    expect(examplesAreTested([example])).toEqual(["examples/a: has no test"]);
    expect(examplesAreTested([example, { path: "examples/a/test/a.test.ts", text: "" }])).toEqual([]);
  });

  test("find a package that the map leaves out", () => {
    const map = { path: "CONTRIBUTING.md", text: "packages/\n  b/  the other one" };
    expect(mapIsComplete([...complete("{}"), map])).toEqual(["CONTRIBUTING.md: the map does not name packages/a/"]);
  });

  test.each([
    ["the README's commands", { readme: "npx -y pnpm@12 demo" }, 'README.md: has no line "npx -y pnpm@12 test"'],
    [
      "CI's commands",
      { ci: "npx -y pnpm@12 test:all\nnpx -y pnpm@12 test:runtimes\nnpx -y pnpm@12 check" },
      '.ci/run: has no line "npx -y pnpm@12 test"',
    ],
    [
      "CI's runtimes",
      { ci: "npx -y pnpm@12 test\nnpx -y pnpm@12 check" },
      '.ci/run: has no line "npx -y pnpm@12 test:runtimes"',
    ],
    ["the scripts", { scripts: { test: "", "test:runtimes": "", check: "" } }, "package.json: has no script demo"],
  ])("find a gap in %s", (_what, change, complaint) => {
    expect(commandsExist(repositoryWith({}))).toEqual([]);
    expect(commandsExist(repositoryWith(change))).toEqual([complaint]);
  });
});

/** A repository with all its commands, but for the given texts. */
function repositoryWith(change: { readonly readme?: string; readonly ci?: string; readonly scripts?: object }): Tree {
  const commandsOf = (...names: readonly string[]): string => names.map((name) => `npx -y pnpm@12 ${name}`).join("\n");
  const { readme = commandsOf("demo", "test"), ci = commandsOf("test", "test:runtimes", "check") } = change;
  const { scripts = { demo: "", test: "", "test:runtimes": "", check: "" } } = change;
  return [
    { path: "README.md", text: readme },
    { path: "package.json", text: JSON.stringify({ scripts }) },
    { path: ".ci/run", text: ci },
  ];
}
