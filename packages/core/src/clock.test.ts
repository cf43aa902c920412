import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { systemClock } from "./clock.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

test("tells the machine's time", () => {
  expect(Math.abs(systemClock.nowMs() - Date.now())).toBeLessThan(1000);
});

test("calls back once, after the delay, unless it is cancelled", () => {
  const calls: string[] = [];
  systemClock.setTimer(() => calls.push("a"), 100);
  const cancel = systemClock.setTimer(() => calls.push("b"), 100);
  vi.advanceTimersByTime(99);
  expect(calls).toEqual([]);
  cancel();
  vi.advanceTimersByTime(1000);
  expect(calls).toEqual(["a"]);
  cancel();
});
