import type { Delivery } from "../../delivery.ts";
import type { Diagnosis } from "../../diagnosis.ts";
import { RejectedError } from "../../errors.ts";
import type { TimestampOptions } from "../options.ts";
import { readSignatureHeader } from "../signature-header.ts";
import type { SignatureHeader } from "../signature-header.ts";
import type { SignatureCheck } from "../signature-check.ts";
import { readTimestamp } from "../timestamp.ts";
import { bodyTrials } from "./body-trials.ts";
import { changedDelivery } from "./changed-delivery.ts";
import { explainMissing } from "./explain-missing.ts";
import { explainStale, explainTimeFormat } from "./explain-time.ts";
import { signatureTrials } from "./signature-trials.ts";
import type { KeyInsight, Trial } from "./trial.ts";

/** Larger bodies are hashed once and no further: a trial's cost is in proportion to the body. */
export const maxTriedBytes = 1024 * 1024;

/** What is needed of a scheme with a signature in a header. */
export interface SignatureScheme {
  readonly headers: readonly string[];
  readonly place: SignatureHeader;
  readonly timestamp: TimestampOptions | undefined;
  readonly insight: KeyInsight;
  /** The scheme's own `verify`, with a check that asks no key source. */
  readonly verify: (delivery: Delivery, nowMs: number, check: SignatureCheck) => unknown;
}

/** Why a scheme with a signature in a header refuses a delivery; `undefined` when it does not. */
export function explainSignature(delivery: Delivery, nowMs: number, scheme: SignatureScheme): Diagnosis | undefined {
  const refusal = refusalOf(delivery, nowMs, scheme, scheme.insight.check);
  if (refusal === undefined) return undefined;
  const { headers, place, timestamp } = scheme;
  const missing = headers.find((name) => (delivery.header(name) ?? "") === "");
  if (missing !== undefined) return explainMissing(delivery, missing, headers);
  if (timestamp !== undefined && refusal.code === "ERR_TIMESTAMP_STALE") {
    return explainStale(readTimestamp(delivery, readSignatureHeader(delivery, place), timestamp), timestamp, nowMs);
  }
  if (timestamp !== undefined && refusal.code === "ERR_TIMESTAMP_INVALID") {
    const signed = readSignatureHeader(delivery, place);
    const values = "field" in timestamp ? signed.values(timestamp.field) : [delivery.header(timestamp.header)];
    return explainTimeFormat(values.length === 1 ? values[0] : undefined);
  }
  // Without a body there is nothing to try: it is empty, or was refused unread because another scheme misses a header.
  if (delivery.body.length === 0) return undefined;
  return tryAll(delivery, nowMs, scheme) ?? describeTried(delivery, refusal);
}

function tryAll(delivery: Delivery, nowMs: number, scheme: SignatureScheme): Diagnosis | undefined {
  if (delivery.body.length > maxTriedBytes) return undefined;
  for (const { cause, message, change, check = scheme.insight.check } of trials(delivery, scheme)) {
    const tried = change === undefined ? delivery : changedDelivery(delivery, change);
    const refusal = refusalOf(tried, nowMs, scheme, check);
    // Whether it is fresh is looked at only once it is proven; an old delivery has a cause, too.
    if (refusal === undefined || refusal.code === "ERR_TIMESTAMP_STALE") return { cause, message };
  }
  return undefined;
}

function* trials(delivery: Delivery, { place, insight }: SignatureScheme): Generator<Trial, void, undefined> {
  yield* signatureTrials(delivery, place);
  yield* insight.trials;
  yield* bodyTrials(delivery.body);
}

function refusalOf(
  delivery: Delivery,
  nowMs: number,
  { verify }: SignatureScheme,
  check: SignatureCheck,
): RejectedError | undefined {
  try {
    verify(delivery, nowMs, check);
    return undefined;
  } catch (cause) {
    if (cause instanceof RejectedError) return cause;
    throw cause;
  }
}

/** What to say of a body over `maxTriedBytes`, for which there is no answer here. */
export const tooLarge =
  "The body is over 1 MiB, so no cause was looked for; this says nothing about what it is. Have the platform send a " +
  "smaller event to the same endpoint, and ask again: whatever changes bodies or keys shows there as well.";

function describeTried({ body }: Delivery, { code, message }: RejectedError): Diagnosis {
  const tried =
    body.length > maxTriedBytes
      ? tooLarge
      : "Tried without success: the signature in other spellings, secrets copied or decoded wrongly, otherKeys, other " +
        "algorithms, and the body with other line breaks, a byte order mark, decoded from base64 and written anew. " +
        "Most likely the key is that of another endpoint or mode, or somebody else sent it.";
  return { cause: "unknown", message: `${code}: ${message} ${tried}` };
}
