/** Where Hooklatch takes the time from. Tests inject their own. */
export interface Clock {
  /** Milliseconds since the epoch. */
  nowMs(): number;
  /** Calls back once after `delayMs`. The answer cancels it. */
  setTimer(callback: () => void, delayMs: number): () => void;
}

/** The machine's clock. */
export const systemClock: Clock = {
  nowMs: Date.now,
  setTimer(callback, delayMs) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
