/** Calls a function of the app that only looks on: what it throws or rejects with becomes a process warning. */
export function callHook<Value>(name: string, hook: (value: Value) => unknown, value: Value): void {
  const warn = (cause: unknown): void => {
    process.emitWarning(`${name} failed: ${cause instanceof Error ? cause.name : typeof cause}`, {
      type: "HooklatchWarning",
      code: "HOOKLATCH_HOOK_FAILED",
    });
  };
  try {
    const answer = hook(value);
    if (answer instanceof Promise) answer.catch(warn);
  } catch (cause) {
    warn(cause);
  }
}
