import { expect, test } from "vitest";

import { Unsettled } from "./unsettled.ts";

test("knows a key until it is told to forget it", () => {
  const unsettled = new Unsettled();
  expect(unsettled.has("a")).toBe(false);
  unsettled.add("a");
  unsettled.add("a");
  expect(unsettled.has("a")).toBe(true);
  unsettled.delete("a");
  unsettled.delete("a");
  expect(unsettled.has("a")).toBe(false);
});

test("holds ten thousand keys and then forgets the oldest", () => {
  const unsettled = new Unsettled();
  for (let index = 0; index < 10_000; index++) unsettled.add(`k${index}`);
  expect(unsettled.has("k0")).toBe(true);
  unsettled.add("one more");
  expect([unsettled.has("k0"), unsettled.has("k1"), unsettled.has("one more")]).toEqual([false, true, true]);
});
