import { setImmediate as nextTurn } from "node:timers";

import type { Clock } from "@hooklatch/core";

/** A clock that stands still until it is told to advance. */
export interface VirtualClock extends Clock {
  /**
   * Moves the time on and fires the timers that become due, in order. Between two timers, and after the last, what they
   * set off gets to run. MUST NOT be called from within one of its own timers.
   *
   * @param durationMs how far; 0 fires what is due now
   */
  advance(durationMs: number): Promise<void>;
}

interface Timer {
  readonly dueMs: number;
  readonly callback: () => void;
}

/**
 * Makes a clock for tests. Give it to the receiver: `createReceiver({ provider, clock })`.
 *
 * @param startMs milliseconds since the epoch; default: now
 */
export function createVirtualClock(startMs: number = Date.now()): VirtualClock {
  let nowMs = startMs;
  // In the order they were set, which decides between timers that are due at the same time.
  const timers = new Set<Timer>();

  return {
    nowMs: () => nowMs,
    setTimer(callback, delayMs) {
      const timer = { dueMs: nowMs + Math.max(0, delayMs), callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    async advance(durationMs) {
      if (!(durationMs >= 0)) throw new RangeError(`A clock cannot advance by ${durationMs} milliseconds.`);
      const untilMs = nowMs + durationMs;
      await settle();
      for (let timer = firstDue(timers, untilMs); timer !== undefined; timer = firstDue(timers, untilMs)) {
        timers.delete(timer);
        nowMs = Math.max(nowMs, timer.dueMs);
        timer.callback();
        await settle();
      }
      nowMs = Math.max(nowMs, untilMs);
    },
  };
}

function firstDue(timers: ReadonlySet<Timer>, untilMs: number): Timer | undefined {
  let first: Timer | undefined;
  for (const timer of timers) {
    if (timer.dueMs <= untilMs && (first === undefined || timer.dueMs < first.dueMs)) first = timer;
  }
  return first;
}

/** Lets promises that are already resolved run their course. Imported, since a test runner may fake the global timers. */
async function settle(): Promise<void> {
  return new Promise((resolve) => {
    nextTurn(resolve);
  });
}
