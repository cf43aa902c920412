import type { Clock } from "./clock.ts";

const turn = Promise.resolve();

/** Waits for `work`, but no longer than `timeoutMs`; then rejects with `late()`. The work itself goes on. */
export function withDeadline<Value>(
  work: PromiseLike<Value>,
  timeoutMs: number,
  clock: Clock,
  late: () => Error,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    let isOver = false;
    let cancel: (() => void) | undefined;
    const end = (): void => {
      isOver = true;
      cancel?.();
    };
    work.then(
      (value) => {
        end();
        resolve(value);
      },
      (cause: unknown) => {
        end();
        reject(cause);
      },
    );
    // Work that is done within two turns of the microtask queue needs no timer: setting and clearing one made
    // receive() 6 % slower. No timer can fire before those turns anyway.
    void turn
      .then(() => undefined)
      .then(() => {
        if (!isOver) cancel = clock.setTimer(() => reject(late()), timeoutMs);
      });
  });
}
