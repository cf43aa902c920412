import type { Clock } from "./clock.ts";
import { withDeadline } from "./deadline.ts";
import type { Delivery, IncomingDelivery } from "./delivery.ts";
import { diagnosisCauses } from "./diagnosis.ts";
import type { Diagnosis } from "./diagnosis.ts";
import type { ErrorCode, WebhookError } from "./errors.ts";
import { toDelivery } from "./incoming-delivery.ts";
import { printable } from "./printable.ts";
import type { Provider } from "./provider.ts";

interface ExplainOptions {
  readonly provider: Provider<unknown>;
  readonly clock: Clock;
}

/** What a proof can fail with. For any other code, the error itself says why. */
const proofCodes: ReadonlySet<ErrorCode> = new Set([
  "ERR_SIGNATURE_MISSING",
  "ERR_SIGNATURE_MALFORMED",
  "ERR_SIGNATURE_MISMATCH",
  "ERR_TIMESTAMP_INVALID",
  "ERR_TIMESTAMP_STALE",
  "ERR_TOKEN_INVALID",
  "ERR_ADDRESS_NOT_ALLOWED",
  "ERR_SOURCE_NOT_ALLOWED",
]);

const timeoutMs = 5_000;

/**
 * Makes a result's `explain`. It asks the scheme at its first call, at the time of the refusal and not of the call, and
 * answers the same ever after. Never rejects, whatever a scheme of somebody else does.
 */
export function explainRefusal(
  error: WebhookError,
  incoming: IncomingDelivery,
  delivery: Delivery | undefined,
  { provider, clock }: ExplainOptions,
): () => Promise<Diagnosis> {
  const refusedAtMs = clock.nowMs();
  let answer: Promise<Diagnosis> | undefined;

  async function explain(): Promise<Diagnosis> {
    if (!proofCodes.has(error.code)) return unknown(error, "the signature has nothing to do with it");
    const { scheme } = provider;
    if (typeof scheme.explain !== "function") return unknown(error, "this scheme cannot look further");
    try {
      // Refused before its body was read, if it was: what is missing among the headers can still be told.
      const asked = delivery ?? toDelivery(incoming, new Uint8Array(0), refusedAtMs);
      const work = (async () => scheme.explain?.(asked, refusedAtMs))();
      const late = (): Error => new Error("The scheme did not answer in time.");
      return (
        toDiagnosis(await withDeadline(work, timeoutMs, clock, late)) ?? unknown(error, "the scheme found no cause")
      );
    } catch {
      return unknown(error, "looking for the cause failed");
    }
  }

  return () => (answer ??= explain());
}

/** Takes over what is a diagnosis, and nothing else that a scheme may have put beside it. */
function toDiagnosis(answer: Diagnosis | undefined): Diagnosis | undefined {
  const cause = diagnosisCauses.find((known) => known === answer?.cause);
  if (cause === undefined || typeof answer?.message !== "string") return undefined;
  return { cause, message: printable(answer.message, 600) };
}

function unknown({ code, message }: WebhookError, what: string): Diagnosis {
  return { cause: "unknown", message: printable(`${code}: ${message} Nothing more is known: ${what}.`, 600) };
}
