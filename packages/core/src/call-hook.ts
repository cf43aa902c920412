import { isPromise } from "./is-promise.ts";

/**
 * Calls a function of the app that only looks on, such as `onOutcome`. What it throws or rejects with becomes a process
 * warning with the code `HOOKLATCH_HOOK_FAILED`, and quotes nothing. For packages that bring hooks of their own.
 *
 * @param name - what the warning calls it
 */
export function callHook<Report>(name: string, hook: (report: Report) => unknown, report: Report): void {
  const warn = (cause: unknown): void => {
    process.emitWarning(`${name} failed: ${cause instanceof Error ? cause.name : typeof cause}`, {
      type: "HooklatchWarning",
      code: "HOOKLATCH_HOOK_FAILED",
    });
  };
  try {
    const answer = hook(report);
    if (isPromise(answer)) answer.then(undefined, warn);
  } catch (cause) {
    warn(cause);
  }
}
