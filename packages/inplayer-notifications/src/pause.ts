import type { Clock } from "@hooklatch/core";

/** Ends after a time, or sooner: when the signal aborts or the promise settles. Leaves no timer behind. */
export async function pause(
  clock: Clock,
  durationMs: number,
  { signal, until }: { readonly signal: AbortSignal; readonly until?: Promise<unknown> | undefined },
): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const end = (): void => {
      cancel();
      signal.removeEventListener("abort", end);
      resolve();
    };
    const cancel = clock.setTimer(end, durationMs);
    signal.addEventListener("abort", end);
    void until?.then(end, end);
  });
}

const firstMs = 500;
const longestMs = 60_000;

/** Pauses that double up to a minute, of which half is left to chance, so that many clients do not come back as one. */
export class BackOff {
  #count = 0;

  nextMs(): number {
    const wholeMs = Math.min(firstMs * 2 ** this.#count++, longestMs);
    return wholeMs / 2 + (Math.random() * wholeMs) / 2;
  }

  reset(): void {
    this.#count = 0;
  }
}
