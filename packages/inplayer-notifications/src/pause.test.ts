import { expect, test } from "vitest";

import { BackOff, pause } from "./pause.ts";

/** A clock whose one timer is fired by hand. */
function testClock() {
  const timers = new Set<() => void>();
  const setTimer = (callback: () => void) => {
    timers.add(callback);
    return () => void timers.delete(callback);
  };
  return { timers, clock: { nowMs: () => 0, setTimer } };
}

test("the pauses double up to a minute, half of each left to chance, and begin anew after a good connection", () => {
  const backOff = new BackOff();
  for (const wholeMs of [500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]) {
    const ms = backOff.nextMs();
    expect(ms).toBeGreaterThanOrEqual(wholeMs / 2);
    expect(ms).toBeLessThanOrEqual(wholeMs);
  }
  backOff.reset();
  expect(backOff.nextMs()).toBeLessThanOrEqual(500);
});

test.each(["the time is over", "it is aborted", "what was waited for settles"])(
  "a pause ends when %s, and leaves no timer behind",
  async (when) => {
    const { timers, clock } = testClock();
    const abort = new AbortController();
    const until = Promise.withResolvers<void>();
    const pausing = pause(clock, 1_000, { signal: abort.signal, until: until.promise });
    expect(timers.size).toBe(1);
    if (when === "the time is over") for (const fire of timers) fire();
    if (when === "it is aborted") abort.abort();
    if (when === "what was waited for settles") until.reject(new Error("over"));
    await pausing;
    expect(timers.size).toBe(0);
  },
);

test("a pause that is aborted before it begins sets no timer", async () => {
  const { timers, clock } = testClock();
  await pause(clock, 1_000, { signal: AbortSignal.abort() });
  expect(timers.size).toBe(0);
});
