import { expect, test } from "vitest";

import { momentNumber } from "./moment-number.ts";
import { createMoments } from "./moments.ts";
import { createVirtualClock } from "./virtual-clock.ts";

test("has nine digits, the same ones for the same label and moment, and others for another", () => {
  const [first, again] = [createMoments(createVirtualClock(0), "n"), createMoments(createVirtualClock(0), "n")];
  const moment = first();
  const numbers = Array.from({ length: 500 }, (_, index) => momentNumber(moment, `label ${index}`));
  for (const number of numbers) expect(String(number)).toMatch(/^[1-9]\d{8}$/);
  expect(new Set(numbers).size).toBe(500);
  expect(momentNumber(again(), "label 0")).toBe(numbers[0]);
  expect(momentNumber(first(), "label 0")).not.toBe(numbers[0]);
});
