import { afterEach, beforeEach, expect } from "vitest";

/** Has every test of the file fail that leaves an unhandled rejection or an uncaught exception behind. */
export function failOnUnhandled(): void {
  const unhandled: unknown[] = [];
  const note = (cause: unknown): void => void unhandled.push(cause);

  beforeEach(() => {
    unhandled.length = 0;
    process.on("unhandledRejection", note).on("uncaughtExceptionMonitor", note);
  });
  afterEach(async () => {
    // A rejection counts as unhandled only after the microtasks of its turn.
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", note).off("uncaughtExceptionMonitor", note);
    expect(unhandled).toEqual([]);
  });
}
