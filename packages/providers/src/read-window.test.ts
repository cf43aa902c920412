import { expect, test } from "vitest";

import { readWindow } from "./read-window.ts";

test("is two minutes unless it is given", () => {
  expect(readWindow("acme")).toBe(120_000);
  expect([1, 86_400_000].map((windowMs) => readWindow("acme", windowMs))).toEqual([1, 86_400_000]);
});

test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 86_400_001])("is never %j", (windowMs) => {
  expect(() => readWindow("acme", windowMs)).toThrow(
    expect.objectContaining({
      code: "ERR_OPTION_INVALID",
      message: "acme: windowMs must be a whole number from 1 to 86400000, a day.",
    }),
  );
});
