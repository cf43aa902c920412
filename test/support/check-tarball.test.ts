import { describe, expect, test } from "vitest";

import { tarballComplaints } from "./check-tarball.ts";

describe("a tarball", () => {
  const exports = { ".": { types: "./dist/index.d.ts", default: "./dist/index.js" } };
  const good = {
    files: ["package.json", "README.md", "LICENSE", "dist/index.js", "dist/index.d.ts"].map(
      (path) => `package/${path}`,
    ),
    manifest: JSON.stringify({ exports, dependencies: { "@hooklatch/core": "^0.1.0" } }),
    source: { name: "@hooklatch/a", exports: { ".": "./src/index.ts" }, publishConfig: { exports } },
  };

  test("is fine with the build, README and LICENSE", () => {
    expect(tarballComplaints(good)).toEqual([]);
  });

  test.each(["package/src/index.ts", "package/dist/tsconfig.tsbuildinfo", "package/.env", "package/tsconfig.json"])(
    "must not hold %s",
    (path) => {
      const complaints = tarballComplaints({ ...good, files: [...good.files, path] });
      expect(complaints).toEqual([`${path} does not belong into the tarball`]);
    },
  );

  test("must not hold a test", () => {
    const files = [...good.files, "package/dist/index.test.js"];
    expect(tarballComplaints({ ...good, files })).toEqual(["package/dist/index.test.js is a test"]);
  });

  test.each(["package/README.md", "package/LICENSE", "package/dist/index.d.ts"])("must hold %s", (path) => {
    const files = good.files.filter((file) => file !== path);
    expect(tarballComplaints({ ...good, files })).toEqual([`${path} is missing`]);
  });

  test("must have the entry points of publishConfig", () => {
    const manifest = JSON.stringify({ exports: { ".": { default: "./dist/index.js" } } });
    expect(tarballComplaints({ ...good, manifest })).toEqual(["publishConfig.exports was not applied"]);
  });

  test("must not lead to the source", () => {
    const manifest = JSON.stringify({ exports: { ".": "./src/index.ts" } });
    const complaints = ["package/src/index.ts is missing", "publishConfig.exports was not applied"];
    expect(tarballComplaints({ ...good, manifest })).toEqual(complaints);
    expect(tarballComplaints({ ...good, manifest, source: { name: "@hooklatch/a" } })).toEqual(complaints);
  });

  test("must name versions of its siblings", () => {
    const manifest = JSON.stringify({ exports, dependencies: { "@hooklatch/core": "workspace:^" } });
    expect(tarballComplaints({ ...good, manifest })).toEqual(["a dependency still has the workspace protocol"]);
  });
});
