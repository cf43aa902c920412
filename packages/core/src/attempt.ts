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

/** Starts an attempt. */
export function createAttempt(fields: Omit<HandlerContext, "signal">): Attempt {
  // Made at once: a getter that makes it for handlers that look at it takes longer than an AbortController.
  const controller = new AbortController();
  return {
    context: { ...fields, signal: controller.signal },
    abort: (reason) => controller.abort(reason),
    isOver: () => controller.signal.aborted,
  };
}
