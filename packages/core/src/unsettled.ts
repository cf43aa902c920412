const maxKeys = 10_000;

/**
 * Events whose handlers succeeded while the store could not be told. As long as this process lives, and as long as the
 * store would have remembered them, their redeliveries settle without running a handler again.
 */
export class Unsettled {
  readonly #endsAtMs = new Map<string, number>();

  add(key: string, endsAtMs: number): void {
    this.#endsAtMs.set(key, endsAtMs);
    if (this.#endsAtMs.size <= maxKeys) return;
    for (const oldest of this.#endsAtMs.keys()) {
      this.#endsAtMs.delete(oldest);
      break;
    }
  }

  has(key: string, nowMs: number): boolean {
    return nowMs < (this.#endsAtMs.get(key) ?? Number.NEGATIVE_INFINITY);
  }

  delete(key: string): void {
    this.#endsAtMs.delete(key);
  }
}
