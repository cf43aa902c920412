import { BackendError } from "../errors.ts";
import type { WebhookEvent } from "../event.ts";
import { isPromise } from "../is-promise.ts";
import { printable } from "../printable.ts";
import type { Awaitable, Claim } from "../store.ts";
import type { StoreClient } from "../store-client.ts";

/** An answer to a claim that leaves something to say: the event is new, or it was handled before. */
export type Answer = Exclude<Claim, { readonly status: "busy" }>;

/**
 * Step 5: asks the store for the right to handle the event.
 *
 * @throws {BackendError} `ERR_EVENT_BUSY`, `ERR_STORE_UNAVAILABLE`
 */
export function claim(
  event: WebhookEvent,
  key: string,
  fingerprint: number,
  store: Pick<StoreClient, "claim">,
): Awaitable<Answer> {
  const answer = store.claim(key, fingerprint);
  return isPromise(answer) ? answer.then((late) => assertIdle(late, event)) : assertIdle(answer, event);
}

function assertIdle(answer: Claim, event: WebhookEvent): Answer {
  if (answer.status !== "busy") return answer;
  throw new BackendError("ERR_EVENT_BUSY", `The event ${printable(event.id)} is being handled right now.`, {
    help: "Nothing to do: the platform sends it again, and by then its fate is known.",
    retryAfterMs: answer.retryAfterMs,
  });
}
