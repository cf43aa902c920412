import { expect, test } from "vitest";

import { withDeadline } from "./deadline.ts";
import { settled, TestClock } from "./test-support/test-clock.ts";

const late = (): Error => new Error("late");
const never = new Promise<never>(() => {});

test("passes on what comes in time, and leaves no timer behind", async () => {
  const clock = new TestClock();
  expect(await withDeadline(Promise.resolve(7), 10, clock, late)).toBe(7);
  await expect(withDeadline(Promise.reject(new Error("own")), 10, clock, late)).rejects.toThrow("own");
  expect(clock.timers).toBe(0);
});

test("rejects at the deadline and not a millisecond before", async () => {
  const clock = new TestClock();
  let said = "nothing";
  withDeadline(never, 10, clock, late).catch((error: unknown) => (said = String(error)));
  await clock.advance(9);
  expect(said).toBe("nothing");
  await clock.advance(1);
  expect(said).toBe("Error: late");
});

test("asks what to say only when it is late", async () => {
  const clock = new TestClock();
  await withDeadline(Promise.resolve(), 10, clock, () => expect.unreachable("It was in time."));
  await clock.advance(100);
});

test("leaves no rejection unhandled when the work fails after the deadline", async () => {
  const clock = new TestClock();
  const work = Promise.withResolvers<void>();
  const bounded = withDeadline(work.promise, 10, clock, late);
  const expectation = expect(bounded).rejects.toThrow("late");
  await clock.advance(10);
  work.reject(new Error("too late"));
  await settled();
  await expectation;
});

test("sets no timer for work that is done at once, and one for work that is not", async () => {
  const clock = new TestClock();
  let timers = 0;
  const counting = {
    nowMs: () => 0,
    setTimer: (callback: () => void, delayMs: number) => {
      timers++;
      return clock.setTimer(callback, delayMs);
    },
  };
  await withDeadline(Promise.resolve(7), 10, counting, late);
  await settled();
  expect(timers).toBe(0);
  await withDeadline(settled(), 10, counting, late);
  expect([timers, clock.timers]).toEqual([1, 0]);
});
