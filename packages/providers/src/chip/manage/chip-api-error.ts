/** CHIP's API refused a request, answered with something else, or could not be reached. Holds no token. */
export class ChipApiError extends Error {
  override readonly name = "ChipApiError";
  /** Method and path, such as `POST /webhooks/`. */
  readonly request: string;
  /** The HTTP status; `undefined` when there was no answer. */
  readonly status: number | undefined;
  /** What CHIP says is wrong, one by one. */
  readonly problems: readonly ChipApiProblem[];
  /**
   * Whether a webhook may have been made all the same: a `POST` whose answer was lost, or was a 5xx. It is never sent
   * again blindly; look for the webhook first.
   */
  readonly mayHaveSucceeded: boolean;

  constructor(request: string, message: string, details: ChipApiErrorDetails = {}) {
    super(`CHIP's API: ${request} ${message}${details.mayHaveSucceeded === true ? ` ${unsure}` : ""}`);
    this.request = request;
    this.status = details.status;
    this.problems = details.problems ?? [];
    this.mayHaveSucceeded = details.mayHaveSucceeded ?? false;
  }
}

const unsure = "The webhook may have been made: list the webhooks before you try again, or use ensureWebhook().";

/** What an error knows beside its message. */
export interface ChipApiErrorDetails {
  readonly status?: number;
  readonly problems?: readonly ChipApiProblem[];
  readonly mayHaveSucceeded?: boolean;
}

/** One thing that CHIP says is wrong with a request. */
export interface ChipApiProblem {
  /** The field as CHIP names it, or `__all__` for the request as a whole. */
  readonly field: string;
  readonly message: string;
  /** CHIP's word for the kind of problem, where it gives one. */
  readonly code?: string;
}
