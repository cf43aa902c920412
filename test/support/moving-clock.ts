import { systemClock } from "@hooklatch/core";
import type { Clock } from "@hooklatch/core";

/** The machine's clock and timers, with a time that a test can move on. */
export interface MovingClock extends Clock {
  move(byMs: number): void;
}

/** Makes a clock that starts at the machine's time. */
export function createMovingClock(): MovingClock {
  let movedMs = 0;
  return {
    nowMs: () => systemClock.nowMs() + movedMs,
    setTimer: (callback, delayMs) => systemClock.setTimer(callback, delayMs),
    move: (byMs) => void (movedMs += byMs),
  };
}
