import { expect, test } from "vitest";

import { chipEventTypes } from "./events.ts";

test("lists each of CHIP's 29 event types once", () => {
  expect(chipEventTypes).toHaveLength(29);
  expect(new Set(chipEventTypes).size).toBe(29);
});

test("lists types of the four kinds of object that CHIP sends, and no other", () => {
  const counts = Object.groupBy(chipEventTypes, (type) => type.split(".")[0] ?? "");
  expect(Object.entries(counts).map(([kind, types]) => [kind, types?.length])).toEqual([
    ["purchase", 21],
    ["payment", 3],
    ["payout", 4],
    ["billing_template_client", 1],
  ]);
});
