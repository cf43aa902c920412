import { errorCodes } from "./error-codes.ts";
import type { ErrorCode, ErrorCodeOf } from "./error-codes.ts";

export { errorCodes } from "./error-codes.ts";
export type { ErrorCode, ErrorCodeOf, ErrorFamily, ErrorRow, Outcome } from "./error-codes.ts";

/** Where the pages about the error codes stand. */
const pages = "https://github.com/hooklatch/hooklatch/blob/main/docs/errors";

/** What an error says beside its message. */
export interface ErrorDetails {
  /** What to do about it, as one or two sentences. */
  readonly help?: string;
  /** The error underneath. MUST NOT hold a secret or a part of a body: it reaches logs. */
  readonly cause?: unknown;
  /** When the sender should try again, in milliseconds from now. Sent as `Retry-After`. */
  readonly retryAfterMs?: number;
}

/**
 * Any error Hooklatch throws or reports. Catch one of the four families instead of this one where it matters who must
 * act.
 */
export abstract class WebhookError extends Error {
  /** The stable name of what went wrong; the only part of an error that a sender sees. */
  readonly code: ErrorCode;
  /** The HTTP status the delivery is answered with. */
  readonly status: number;
  /** What to do about it, ending with the address of the code's page. */
  readonly help: string;
  /** When the sender should try again, in milliseconds from now. */
  declare readonly retryAfterMs?: number;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.status = errorCodes[code].status;
    this.help = `${details.help === undefined ? "" : `${details.help} `}See ${pages}/${code}.md`;
    if (details.retryAfterMs !== undefined) this.retryAfterMs = details.retryAfterMs;
  }
}

/** The developer must act: an option, a secret, a key or the order of two lines is wrong. Thrown at start-up. */
export class ConfigError extends WebhookError {
  override readonly name = "ConfigError";
  declare readonly code: ErrorCodeOf<"config">;

  constructor(code: ErrorCodeOf<"config">, message: string, details?: ErrorDetails) {
    super(code, message, details);
  }
}

/** The sender must act: the delivery is refused. A scheme throws this, and only this, for a delivery it cannot prove. */
export class RejectedError extends WebhookError {
  override readonly name = "RejectedError";
  declare readonly code: ErrorCodeOf<"rejected">;

  constructor(code: ErrorCodeOf<"rejected">, message: string, details?: ErrorDetails) {
    super(code, message, details);
  }
}

/** The application must act: its handler failed. Answered so that the platform sends the event again. */
export class HandlerError extends WebhookError {
  override readonly name = "HandlerError";
  declare readonly code: ErrorCodeOf<"handler">;

  constructor(code: ErrorCodeOf<"handler">, message: string, details?: ErrorDetails) {
    super(code, message, details);
  }
}

/** The operator must act, or it passes: a store or a key source is away. Answered 503 with `Retry-After`. */
export class BackendError extends WebhookError {
  override readonly name = "BackendError";
  declare readonly code: ErrorCodeOf<"backend">;

  constructor(code: ErrorCodeOf<"backend">, message: string, details?: ErrorDetails) {
    super(code, message, details);
  }
}
