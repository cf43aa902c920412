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
    const attempt = await makeAttempt({ attempt: attempts.length + 1, atMs: clock.nowMs() }, send);
    attempts.push(attempt);
    if (isAccepted(attempt)) return { accepted: true, attempts };
  }
  return { accepted: false, attempts };
}

/** Makes one attempt. To a platform an endpoint that is down is one more reason to try again, so it is no error here. */
export async function makeAttempt(
  made: Pick<Attempt, "attempt" | "atMs">,
  send: () => Promise<Pick<SendResult, "status" | "outcome" | "code">>,
): Promise<Attempt> {
  try {
    const { status, outcome, code } = await send();
    return { ...made, status, outcome, code };
  } catch (error) {
    if (!(error instanceof NoReplyError)) throw error;
    return { ...made, status: undefined, outcome: undefined, code: undefined, error };
  }
}

/** Whether the platform takes the event for delivered. */
export function isAccepted({ status }: Attempt): boolean {
  return status !== undefined && status >= 200 && status < 300;
}
