import type { ErrorCode, Outcome } from "@hooklatch/core/errors";

import { NoReplyError } from "./no-reply-error.ts";
import type { SendResult } from "./send-result.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** How one event fared over the attempts of its platform. */
export interface Redelivery {
  /** Whether an attempt was answered 2xx. `false`: the platform has given up. */
  readonly accepted: boolean;
  /** The first one first; the accepted one, if any, is the last. */
  readonly attempts: readonly Attempt[];
}

/** One attempt to deliver an event. */
export interface Attempt {
  /** 1 for the first. */
  readonly attempt: number;
  /** When it was made, in milliseconds since the epoch on the sender's clock. */
  readonly atMs: number;
  /** `undefined` when there was no reply at all. */
  readonly status: number | undefined;
  readonly outcome: Outcome | undefined;
  readonly code: ErrorCode | undefined;
  /** Why there was no reply. */
  readonly error?: NoReplyError;
}

/**
 * Makes attempts at the given times until one is answered 2xx, moving the clock on in between.
 *
 * @param attemptsDueMs milliseconds after the first attempt, ascending, the first one 0
 */
export async function sendOnSchedule(
  attemptsDueMs: readonly number[],
  clock: VirtualClock,
  send: () => Promise<SendResult>,
): Promise<Redelivery> {
  const startMs = clock.nowMs();
  const attempts: Attempt[] = [];
  for (const dueMs of attemptsDueMs) {
    await clock.advance(Math.max(0, startMs + dueMs - clock.nowMs()));
    const made = { attempt: attempts.length + 1, atMs: clock.nowMs() };
    try {
      const { status, outcome, code } = await send();
      attempts.push({ ...made, status, outcome, code });
      if (status >= 200 && status < 300) return { accepted: true, attempts };
    } catch (error) {
      if (!(error instanceof NoReplyError)) throw error;
      // To a platform an endpoint that is down is one more reason to try again.
      attempts.push({ ...made, status: undefined, outcome: undefined, code: undefined, error });
    }
  }
  return { accepted: false, attempts };
}
