import type { Clock } from "./clock.ts";

const turn = Promise.resolve();

/**
 * Waits for `work`, but no longer than `timeoutMs`; then rejects with `late()`. The work itself goes on. `beside` is
 * called when there is something to wait for; it can end the wait with an error, and what it answers is called at its end.
 */
export function withDeadline<Value>(
  work: PromiseLike<Value>,
  timeoutMs: number,
  clock: Clock,
  late: () => Error,
  beside?: (giveUp: (error: Error) => void) => () => void,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    let isOver = false;
    let cancel: (() => void) | undefined;
    let stop: (() => void) | undefined;
    const end = (): void => {
      isOver = true;
      cancel?.();
      stop?.();
    };
    const giveUp = (error: Error): void => {
      end();
      reject(error);
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
        if (isOver) return;
        cancel = clock.setTimer(() => giveUp(late()), timeoutMs);
        stop = beside?.(giveUp);
      });
  });
}
