import type { Clock } from "../clock.ts";
import { BackendError } from "../errors.ts";
import type { Awaitable, RunningClaim } from "../store.ts";
import type { StoreClient } from "../store-client.ts";
import type { Unsettled } from "../unsettled.ts";

/** A granted claim, and how far its handlers have come. */
export interface HeldClaim extends RunningClaim {
  readonly attempt: number;
  /** When it was asked for: its lease lasts at least `leaseMs` from then on. */
  readonly askedAtMs: number;
  /** The handlers, while they run on although nobody waits for them any more. */
  late?: Promise<void>;
}

interface SettleOptions {
  readonly settings: { readonly clock: Clock };
  readonly store: Pick<StoreClient, "settle" | "release">;
  readonly unsettled: Unsettled;
}

/**
 * Step 7: has the store remember the event as handled. What is not remembered is not acknowledged; but this process
 * knows, and will not run the handlers again.
 *
 * @throws {BackendError} `ERR_CLAIM_LOST`, `ERR_STORE_UNAVAILABLE`
 */
export function settle(claim: HeldClaim, options: SettleOptions): Awaitable<void> {
  const answer = options.store.settle(claim.key, claim.token, claim.keepMs);
  if (answer !== true) return settleLater(answer, claim, options);
  options.unsettled.delete(claim.key);
  return undefined;
}

async function settleLater(
  answer: Awaitable<boolean>,
  { key, keepMs }: HeldClaim,
  { unsettled, settings }: SettleOptions,
): Promise<void> {
  unsettled.add(key, settings.clock.nowMs() + keepMs);
  if (!(await answer)) {
    throw new BackendError("ERR_CLAIM_LOST", "The handlers ended, but their lease had gone to another claimer.", {
      help: "They took longer than their lease, or the store forgot the claim. The platform sends the event again.",
    });
  }
  unsettled.delete(key);
}

/**
 * Step 7 after a failure: gives the claim back, so that the next delivery runs. Handlers that are still at it keep the
 * claim until they end or the lease does: two runs of one event at a time would be worse than a late one.
 */
export async function abandon(claim: HeldClaim, options: SettleOptions): Promise<void> {
  if (claim.late !== undefined) {
    claim.late
      .then(
        () => settle(claim, options),
        () => options.store.release(claim.key, claim.token),
      )
      .catch(() => {}); // the delivery was answered long ago, and the lease ends by itself
  } else if (!options.unsettled.has(claim.key, options.settings.clock.nowMs())) {
    try {
      await options.store.release(claim.key, claim.token);
    } catch {
      // The lease ends by itself, and the error that led here says more.
    }
  }
}
