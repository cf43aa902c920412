import type { HandlerContext } from "./receiver.ts";

/** One run of an event's handlers. */
export interface Attempt {
  readonly signal: AbortSignal;
  /** What the handlers are told. */
  contextWith(transaction: unknown): HandlerContext<unknown>;
  /** Tells the handlers to stop. */
  abort(reason: unknown): void;
  /** Whether they were told to. */
  isOver(): boolean;
}

/** Starts an attempt. */
export function createAttempt(fields: Omit<HandlerContext, "signal" | "transaction">): Attempt {
  // Made at once: a getter that makes it for handlers that look at it takes longer than an AbortController.
  const controller = new AbortController();
  const { signal } = controller;
  return {
    signal,
    contextWith: (transaction) => ({ ...fields, signal, transaction }),
    abort: (reason) => controller.abort(reason),
    isOver: () => signal.aborted,
  };
}
