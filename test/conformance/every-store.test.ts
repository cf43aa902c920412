import { readdirSync } from "node:fs";

import { expect, test } from "vitest";

import { storeRows } from "../support/store-rows.ts";

test("every store is put through the suite", () => {
  const folders = readdirSync(new URL("../../packages/stores/src", import.meta.url), { withFileTypes: true });
  const proven = new Set(Object.keys(storeRows).map((name) => name.split(" ", 1)[0]));
  const names = folders.filter((folder) => folder.isDirectory()).map(({ name }) => name);
  expect(names.filter((name) => !proven.has(name))).toEqual([]);
  expect(proven).toContain("memory");
});
