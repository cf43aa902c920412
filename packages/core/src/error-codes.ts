/** Who must act on an error: the developer, the sender, the application or the operator. */
export type ErrorFamily = "config" | "rejected" | "handler" | "backend";

/**
 * What became of a delivery.
 *
 * - `handled`: every matching handler ran and the event is remembered
 * - `duplicate`: the event was handled before; nothing ran
 * - `ignored`: no handler is registered for the event's type
 * - `busy`: another delivery of the same event is being handled right now
 * - `rejected`: the delivery is not acceptable, most often not signed by the platform
 * - `invalid`: the platform sent it, but the payload fails a schema of yours
 * - `failed`: a handler threw, timed out, or the app is set up wrongly
 * - `unavailable`: the store or a key source could not be reached; nothing is known to be done
 */
export type Outcome = "handled" | "duplicate" | "ignored" | "busy" | "rejected" | "invalid" | "failed" | "unavailable";

/** How one error code is answered. */
export interface ErrorRow {
  readonly family: ErrorFamily;
  readonly outcome: Outcome;
  readonly status: number;
}

const config = { family: "config", outcome: "failed", status: 500 } as const;
const handler = { family: "handler", outcome: "failed", status: 500 } as const;
const backend = { family: "backend", outcome: "unavailable", status: 503 } as const;
const rejected = <Status extends number>(status: Status) =>
  ({ family: "rejected", outcome: "rejected", status }) as const;

/** Every error code, with the family it belongs to, the outcome it leads to and the HTTP status it is answered with. */
export const errorCodes = {
  // The developer acts, at start-up. The last two can only show later.
  ERR_OPTION_INVALID: config,
  ERR_SECRET_MISSING: config,
  ERR_KEY_INVALID: config,
  ERR_PATTERN_INVALID: config,
  ERR_BODY_CONSUMED: config,
  ERR_CREDENTIALS_REFUSED: config,

  // The sender acts. Nothing was trusted, nothing was run.
  ERR_METHOD_NOT_ALLOWED: rejected(405),
  ERR_CONTENT_TYPE_UNSUPPORTED: rejected(415),
  ERR_CONTENT_ENCODING_UNSUPPORTED: rejected(415),
  ERR_CONTENT_LENGTH_INVALID: rejected(400),
  ERR_HEADER_REPEATED: rejected(400),
  ERR_BODY_TOO_LARGE: rejected(413),
  ERR_BODY_TIMEOUT: rejected(408),
  ERR_BODY_ABORTED: rejected(400),
  ERR_SIGNATURE_MISSING: rejected(401),
  ERR_SIGNATURE_MALFORMED: rejected(401),
  ERR_SIGNATURE_MISMATCH: rejected(401),
  ERR_TIMESTAMP_INVALID: rejected(401),
  ERR_TIMESTAMP_STALE: rejected(401),
  ERR_ADDRESS_NOT_ALLOWED: rejected(401),
  ERR_SOURCE_NOT_ALLOWED: rejected(401),
  ERR_TOKEN_INVALID: rejected(401),
  ERR_SCHEME_FAULTY: rejected(401),
  ERR_BODY_NOT_UTF8: rejected(400),
  ERR_BODY_MALFORMED: rejected(400),
  ERR_BODY_NOT_OBJECT: rejected(400),
  ERR_EVENT_ID_INVALID: rejected(400),
  ERR_EVENT_TYPE_INVALID: rejected(400),
  ERR_EVENT_UNREADABLE: rejected(400),

  // The application acts. The platform sends the event again.
  ERR_HANDLER_FAILED: handler,
  ERR_HANDLER_TIMEOUT: handler,
  ERR_PAYLOAD_INVALID: { family: "handler", outcome: "invalid", status: 500 },
  ERR_INTERNAL: handler,

  // The operator acts, or nobody: it passes. The platform sends the event again.
  ERR_EVENT_BUSY: { family: "backend", outcome: "busy", status: 503 },
  ERR_STORE_UNAVAILABLE: backend,
  ERR_CLAIM_LOST: backend,
  ERR_KEY_SOURCE_UNAVAILABLE: backend,
  ERR_KEY_SOURCE_EMPTY: backend,
  ERR_HANDSHAKE_FAILED: backend,
  ERR_CONNECTION_FAILED: backend,
  ERR_OVERLOADED: backend,
  ERR_RECEIVER_CLOSED: backend,
} as const satisfies Readonly<Record<`ERR_${string}`, ErrorRow>>;

/** The closed union of error codes. Each has a page `docs/errors/<code>.md`. */
export type ErrorCode = keyof typeof errorCodes;

/** The codes of one family. */
export type ErrorCodeOf<Family extends ErrorFamily> = {
  [Code in ErrorCode]: (typeof errorCodes)[Code]["family"] extends Family ? Code : never;
}[ErrorCode];
