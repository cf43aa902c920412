import type { Diagnosis } from "./diagnosis.ts";
import type { ErrorCode, Outcome, WebhookError } from "./errors.ts";
import type { Provider } from "./provider.ts";
import type { Result } from "./reply.ts";

/** What the operator is told of a delivery. Holds no secret and no part of a body. */
export interface OutcomeReport {
  readonly provider: string;
  readonly endpoint: string;
  readonly outcome: Outcome;
  /** The HTTP status of the reply. */
  readonly status: number;
  readonly durationMs: number;
  readonly remoteAddress: string | undefined;
  /** Set once the delivery was verified and read. */
  readonly eventId: string | undefined;
  readonly eventType: string | undefined;
  /** How often the event has been tried, this time included. Set once it was claimed. */
  readonly attempt: number | undefined;
  /** Whether the same event id came before with another body. The first one is kept. */
  readonly conflict: boolean;
  readonly code: ErrorCode | undefined;
  /** Its cause is what a handler or a store threw, as it was. */
  readonly error: WebhookError | undefined;
  /** Finds out why the delivery was refused; set when the outcome is `rejected`. See `Result.explain`. */
  readonly explain?: () => Promise<Diagnosis>;
}

interface Place {
  readonly provider: Provider<unknown>;
  readonly endpoint: string;
}

/** Takes from a result what the operator may see: of the event its id and type, never its payload. */
export function toReport(
  { outcome, reply, event, attempt, conflict, error, explain }: Result,
  { provider, endpoint }: Place,
  remoteAddress: string | undefined,
  durationMs: number,
): OutcomeReport {
  return {
    provider: provider.name,
    endpoint,
    outcome,
    status: reply.status,
    durationMs,
    remoteAddress,
    eventId: event?.id,
    eventType: event?.type,
    attempt,
    conflict: conflict === true,
    code: error?.code,
    error,
    ...(explain === undefined ? undefined : { explain }),
  };
}
