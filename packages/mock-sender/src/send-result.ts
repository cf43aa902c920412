import type { Reply } from "@hooklatch/core";
import type { ErrorCode, Outcome } from "@hooklatch/core/errors";

/** What became of one delivery. */
export interface SendResult {
  /** The HTTP status of the reply. */
  readonly status: number;
  /** From a receiver its own; over HTTP read from the reply. `undefined` when the reply is not one of Hooklatch's. */
  readonly outcome: Outcome | undefined;
  /** Why it was not accepted, such as `ERR_SIGNATURE_MISMATCH`. */
  readonly code: ErrorCode | undefined;
  /** The event id that the receiver sees; `undefined` when its provider cannot read one. */
  readonly eventId: string | undefined;
  readonly reply: Reply;
}
