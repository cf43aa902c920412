import { expect, test } from "vitest";

import { printPublicApi, readPublicApi } from "./public-api.ts";
import { readTree } from "./tree.ts";

const entryPoints = readPublicApi(readTree());

test("every entry point exports the names that are written down", async () => {
  // A change is meant: update the file with `npx -y pnpm@12 test test/house -u` and add a changeset.
  await expect(printPublicApi(entryPoints)).toMatchFileSnapshot("public-api.txt");
});

test.each(entryPoints)("$specifier exports at run time what its types say", async ({ specifier, values }) => {
  // What `import()` gives is always an object: the module's namespace.
  const namespace = (await import(/* @vite-ignore */ specifier)) as object;
  expect(Object.keys(namespace).toSorted()).toEqual(values);
});

test("an entry point that exports nothing is no entry point", () => {
  expect(entryPoints.filter(({ values, types }) => values.length + types.length === 0)).toEqual([]);
});

test("one name more changes the text", () => {
  const before = { specifier: "@hooklatch/core/errors", values: ["errorCodes"], types: ["ErrorCode"] };
  expect(printPublicApi([before])).toBe("@hooklatch/core/errors\n  errorCodes\n  type ErrorCode\n");
  expect(printPublicApi([{ ...before, types: ["ErrorCode", "ErrorRow"] }])).not.toBe(printPublicApi([before]));
});
