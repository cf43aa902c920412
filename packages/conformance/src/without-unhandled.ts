import assert from "node:assert/strict";
import { setImmediate as nextTurn } from "node:timers/promises";

/** Runs a case, and fails it for a rejection that nobody handled: in production that ends the process. */
export async function withoutUnhandled(run: () => Promise<void>): Promise<void> {
  const unhandled: unknown[] = [];
  const note = (cause: unknown): void => void unhandled.push(cause);
  process.on("unhandledRejection", note);
  try {
    await run();
    // A rejection counts as unhandled only after the microtasks of its turn.
    await nextTurn();
  } finally {
    process.off("unhandledRejection", note);
  }
  assert.deepEqual(unhandled, [], "A promise was rejected and nobody handled it.");
}
