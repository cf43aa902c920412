import { createAttempt } from "./attempt.ts";
import type { Attempt } from "./attempt.ts";
import { withDeadline } from "./deadline.ts";
import { BackendError, HandlerError } from "./errors.ts";
import { keepLease } from "./lease.ts";
import type { Around } from "./receiver.ts";
import type { Run } from "./route.ts";
import type { Settings } from "./settings.ts";
import { dispatch } from "./steps/dispatch.ts";
import type { HeldClaim } from "./steps/settle.ts";
import type { StoreClient } from "./store-client.ts";

interface RunOptions {
  readonly settings: Settings;
  readonly store: StoreClient;
  readonly arounds: readonly Around<unknown, unknown>[];
  readonly receivedAtMs: number;
}

/**
 * Step 6 with everything round it: the time that handlers have, the lease that is renewed meanwhile, and the transaction
 * of a store that settles together with them. Rejects as soon as there is no use in waiting; what runs on is `held.late`.
 *
 * @throws {HandlerError} `ERR_HANDLER_FAILED`, `ERR_HANDLER_TIMEOUT`
 * @throws {BackendError} `ERR_CLAIM_LOST`, `ERR_STORE_UNAVAILABLE`
 */
export function runHandlers(runs: readonly Run[], held: HeldClaim, options: RunOptions): Promise<void> {
  const { settings, store, receivedAtMs } = options;
  const { provider, endpoint, handlerTimeoutMs, leaseMs, clock } = settings;
  const attempt = createAttempt({ provider: provider.name, endpoint, attempt: held.attempt, receivedAtMs });
  const work =
    store.transact === undefined
      ? dispatch(runs, options.arounds, attempt.contextWith(undefined), attempt)
      : runInTransaction(store.transact, runs, held, attempt, options);
  const giveUp = <Reason extends Error>(reason: Reason): Reason => {
    held.late = work;
    attempt.abort(reason);
    return reason;
  };
  return withDeadline(
    work,
    handlerTimeoutMs,
    clock,
    () => giveUp(timeout(handlerTimeoutMs)),
    (reject) => keepLease(held, { leaseMs, clock, store, onLost: (error) => reject(giveUp(error)) }),
  );
}

/** Ends when the transaction and the handlers have ended: one that was rolled back may still have handlers at it. */
async function runInTransaction(
  transact: NonNullable<StoreClient["transact"]>,
  runs: readonly Run[],
  held: HeldClaim,
  attempt: Attempt,
  { arounds }: RunOptions,
): Promise<void> {
  let handlers: Promise<void> | undefined;
  try {
    const isSettled = await transact(
      held,
      (transaction) => (handlers = dispatch(runs, arounds, attempt.contextWith(transaction), attempt)),
      attempt.signal,
    );
    if (!isSettled) throw claimLost();
  } catch (error) {
    // A store that hangs in its commit would else hold on to its connection.
    attempt.abort(error);
    throw error;
  } finally {
    await handlers?.catch(() => {});
  }
}

function timeout(handlerTimeoutMs: number): HandlerError {
  return new HandlerError("ERR_HANDLER_TIMEOUT", `The handlers took longer than ${handlerTimeoutMs} ms.`, {
    help: "Do long work elsewhere, heed context.signal, or raise handlerTimeoutMs.",
  });
}

function claimLost(): BackendError {
  return new BackendError("ERR_CLAIM_LOST", "The handlers ended, but their lease had gone to another claimer.", {
    help: "Their transaction was rolled back. The platform sends the event again.",
  });
}
