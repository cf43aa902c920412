import { BackendError } from "../errors.ts";
import type { WebhookEvent } from "../event.ts";
import { printable } from "../printable.ts";
import type { Claim } from "../store.ts";
import type { StoreClient } from "../store-client.ts";

/** An answer to a claim that leaves something to say: the event is new, or it was handled before. */
export type Answer = Exclude<Claim, { readonly status: "busy" }>;

/**
 * Step 5: asks the store for the right to handle the event.
 *
 * @throws {BackendError} `ERR_EVENT_BUSY`, `ERR_STORE_UNAVAILABLE`
 */
export async function claim(
  event: WebhookEvent,
  key: string,
  fingerprint: number,
  store: StoreClient,
): Promise<Answer> {
  const answer = await store.claim(key, fingerprint);
  if (answer.status !== "busy") return answer;
  throw new BackendError("ERR_EVENT_BUSY", `The event ${printable(event.id)} is being handled right now.`, {
    help: "Nothing to do: the platform sends it again, and by then its fate is known.",
    retryAfterMs: answer.retryAfterMs,
  });
}
