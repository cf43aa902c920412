import { describe, expect, it, vi } from "vitest";

import { createVirtualClock } from "./virtual-clock.ts";

describe("createVirtualClock", () => {
  it("starts at the given time and stands still", async () => {
    const clock = createVirtualClock(1_000);
    await new Promise(setImmediate);
    expect(clock.nowMs()).toBe(1_000);
  });

  it("starts now when no time is given", () => {
    const beforeMs = Date.now();
    const clock = createVirtualClock();
    expect(clock.nowMs()).toBeGreaterThanOrEqual(beforeMs);
    expect(clock.nowMs()).toBeLessThanOrEqual(Date.now());
  });

  it("fires due timers in order, each at its own time", async () => {
    const clock = createVirtualClock(0);
    const fired: string[] = [];
    clock.setTimer(() => fired.push(`late at ${clock.nowMs()}`), 300);
    clock.setTimer(() => fired.push(`early at ${clock.nowMs()}`), 100);
    clock.setTimer(() => fired.push(`too late at ${clock.nowMs()}`), 301);
    await clock.advance(300);
    expect(fired).toEqual(["early at 100", "late at 300"]);
    expect(clock.nowMs()).toBe(300);
  });

  it("fires timers of the same time in the order they were set", async () => {
    const clock = createVirtualClock(0);
    const fired: number[] = [];
    for (const number of [1, 2, 3]) clock.setTimer(() => fired.push(number), 50);
    await clock.advance(50);
    expect(fired).toEqual([1, 2, 3]);
  });

  it("fires a timer once", async () => {
    const clock = createVirtualClock(0);
    const callback = vi.fn();
    clock.setTimer(callback, 10);
    await clock.advance(10);
    await clock.advance(10);
    expect(callback).toHaveBeenCalledTimes(1);
  });

  it("does not fire a timer that was cancelled", async () => {
    const clock = createVirtualClock(0);
    const callback = vi.fn();
    const cancel = clock.setTimer(callback, 10);
    cancel();
    await clock.advance(20);
    expect(callback).not.toHaveBeenCalled();
  });

  it("fires a timer that another one set, also one set after a promise", async () => {
    const clock = createVirtualClock(0);
    const fired: number[] = [];
    clock.setTimer(() => {
      void Promise.resolve().then(() => clock.setTimer(() => fired.push(clock.nowMs()), 20));
    }, 10);
    await clock.advance(100);
    expect(fired).toEqual([30]);
  });

  it("advances although the test runner has replaced the timers", async () => {
    vi.useFakeTimers();
    try {
      const clock = createVirtualClock(0);
      const callback = vi.fn();
      clock.setTimer(callback, 10);
      await clock.advance(10);
      expect(callback).toHaveBeenCalledTimes(1);
    } finally {
      vi.useRealTimers();
    }
  });

  it.each([-1, Number.NaN])("refuses to advance by %d", async (durationMs) => {
    await expect(createVirtualClock(0).advance(durationMs)).rejects.toThrow(RangeError);
  });
});
