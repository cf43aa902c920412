import type { Clock } from "./clock.ts";

/** Waits for `work`, but no longer than `timeoutMs`; then rejects with `late()`. The work itself goes on. */
export function withDeadline<Value>(
  work: PromiseLike<Value>,
  timeoutMs: number,
  clock: Clock,
  late: () => Error,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const cancel = clock.setTimer(() => reject(late()), timeoutMs);
    work.then(
      (value) => {
        cancel();
        resolve(value);
      },
      (cause: unknown) => {
        cancel();
        reject(cause);
      },
    );
  });
}
