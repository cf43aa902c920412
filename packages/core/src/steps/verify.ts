import type { Delivery } from "../delivery.ts";
import { RejectedError, WebhookError } from "../errors.ts";
import { withoutMessage } from "../printable.ts";
import type { Scheme } from "../scheme.ts";

/**
 * Step 3: lets the scheme prove the delivery. Whatever is not a clear yes is a no.
 *
 * @throws {RejectedError} what the scheme says, or `ERR_SCHEME_FAULTY` when it answers or throws something odd
 * @throws {BackendError} when a key source is away
 */
export function verify(delivery: Delivery, scheme: Scheme, nowMs: number): void | Promise<void> {
  let proven: unknown;
  try {
    proven = scheme.verify(delivery, nowMs);
  } catch (cause) {
    throw toRefusal(cause);
  }
  if (proven === delivery.body) return;
  return verifyLater(proven, delivery);
}

async function verifyLater(answer: unknown, delivery: Delivery): Promise<void> {
  let proven: unknown;
  try {
    proven = await answer;
  } catch (cause) {
    throw toRefusal(cause);
  }
  if (proven === delivery.body) return;
  throw new RejectedError("ERR_SCHEME_FAULTY", "The scheme did not answer with the bytes it proved.", {
    help: "verify() returns delivery.body when the delivery is proven and throws a RejectedError when it is not.",
  });
}

function toRefusal(cause: unknown): Error {
  if (cause instanceof WebhookError) return cause;
  return new RejectedError("ERR_SCHEME_FAULTY", "The scheme threw something that is not a RejectedError.", {
    cause: withoutMessage(cause),
  });
}
