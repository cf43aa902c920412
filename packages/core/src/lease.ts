import type { Clock } from "./clock.ts";
import { BackendError } from "./errors.ts";
import type { HeldClaim } from "./steps/settle.ts";
import type { StoreClient } from "./store-client.ts";

interface LeaseOptions {
  readonly leaseMs: number;
  readonly clock: Clock;
  readonly store: Pick<StoreClient, "renew">;
  /** Called once, when the claim may be somebody else's. */
  readonly onLost: (error: BackendError) => void;
}

/**
 * Renews the lease of a claim every third of its time, until the answer is called. Where the store cannot be reached, it
 * is tried again until the lease has run out as this process sees it. That is never later than the store sees it, as the
 * time counts from before each request.
 */
export function keepLease({ key, token, askedAtMs }: HeldClaim, options: LeaseOptions): () => void {
  const { leaseMs, clock, store, onLost } = options;
  const renewEveryMs = Math.ceil(leaseMs / 3);
  let heldFromMs = askedAtMs;
  let failure: unknown;
  let isOver = false;
  let cancel = (): void => {};

  const stop = (): void => {
    isOver = true;
    cancel();
  };
  const lose = (error: BackendError): void => {
    if (isOver) return;
    stop();
    onLost(error);
  };
  const renew = async (): Promise<void> => {
    const fromMs = clock.nowMs();
    wait();
    if (isOver) return;
    try {
      if (await store.renew(key, token)) heldFromMs = fromMs;
      else lose(lost());
    } catch (cause) {
      failure = cause;
    }
  };
  const wait = (): void => {
    const restMs = heldFromMs + leaseMs - clock.nowMs();
    if (restMs <= 0) lose(failure === undefined ? lost() : unreachable(failure));
    else cancel = clock.setTimer(() => void renew(), Math.min(renewEveryMs, restMs));
  };
  wait();
  return stop;
}

function lost(): BackendError {
  return new BackendError("ERR_CLAIM_LOST", "While the handlers ran, their lease went to another claimer.", {
    help: "This process stood still for longer than leaseMs, or the store forgot the claim. The platform sends the event again.",
  });
}

function unreachable(cause: unknown): BackendError {
  return new BackendError("ERR_STORE_UNAVAILABLE", "The store could not renew the lease before it ran out.", {
    help: "Nothing was acknowledged; the platform sends the event again.",
    cause,
  });
}
