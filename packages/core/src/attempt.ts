import type { HandlerContext } from "./receiver.ts";

/** One run of an event's handlers. */
export interface Attempt {
  /** What the handlers are told. */
  readonly context: HandlerContext;
  /** Tells the handlers to stop. */
  abort(reason: Error): void;
  /** Whether they were told to. */
  isOver(): boolean;
}

/** Starts an attempt. Its signal is made only for handlers that look at it: it costs more than a whole HMAC. */
export function createAttempt(fields: Omit<HandlerContext, "signal">): Attempt {
  let controller: AbortController | undefined;
  let reason: Error | undefined;
  return {
    context: {
      ...fields,
      get signal() {
        if (controller === undefined) {
          controller = new AbortController();
          if (reason !== undefined) controller.abort(reason);
        }
        return controller.signal;
      },
    },
    abort(cause) {
      reason = cause;
      controller?.abort(cause);
    },
    isOver: () => reason !== undefined,
  };
}
