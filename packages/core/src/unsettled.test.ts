import { expect, test } from "vitest";

import { Unsettled } from "./unsettled.ts";

test("knows a key until it is told to forget it", () => {
  const unsettled = new Unsettled();
  expect(unsettled.has("a", 0)).toBe(false);
  unsettled.add("a", 100);
  unsettled.add("a", 100);
  expect(unsettled.has("a", 99)).toBe(true);
  unsettled.delete("a");
  unsettled.delete("a");
  expect(unsettled.has("a", 99)).toBe(false);
});

test("knows a key until its end", () => {
  const unsettled = new Unsettled();
  unsettled.add("a", 100);
  expect([unsettled.has("a", 99), unsettled.has("a", 100)]).toEqual([true, false]);
  unsettled.add("a", 200);
  expect(unsettled.has("a", 100)).toBe(true);
});

test("holds ten thousand keys and then forgets the oldest", () => {
  const unsettled = new Unsettled();
  for (let index = 0; index < 10_000; index++) unsettled.add(`k${index}`, 1);
  expect(unsettled.has("k0", 0)).toBe(true);
  unsettled.add("one more", 1);
  const known = ["k0", "k1", "one more"].map((key) => unsettled.has(key, 0));
  expect(known).toEqual([false, true, true]);
});
