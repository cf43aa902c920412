import type { HandlerContext } from "./receiver.ts";

interface ContextFields {
  readonly provider: string;
  readonly endpoint: string;
  readonly attempt: number;
  readonly receivedAtMs: number;
}

/** The context of one attempt. Its signal is made only for handlers that look at it: it costs more than a whole HMAC. */
export class AttemptContext implements HandlerContext {
  readonly provider: string;
  readonly endpoint: string;
  readonly attempt: number;
  readonly receivedAtMs: number;
  #controller: AbortController | undefined;
  #reason: Error | undefined;

  constructor({ provider, endpoint, attempt, receivedAtMs }: ContextFields) {
    this.provider = provider;
    this.endpoint = endpoint;
    this.attempt = attempt;
    this.receivedAtMs = receivedAtMs;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /** Tells the handlers to stop. */
  abort(reason: Error): void {
    this.#reason = reason;
    this.#controller?.abort(reason);
  }
}
