const maxKeys = 10_000;

/**
 * Events whose handlers succeeded while the store could not be told. As long as this process lives, their redeliveries
 * settle without running a handler again.
 */
export class Unsettled {
  readonly #keys = new Set<string>();

  add(key: string): void {
    this.#keys.add(key);
    if (this.#keys.size <= maxKeys) return;
    for (const oldest of this.#keys) {
      this.#keys.delete(oldest);
      break;
    }
  }

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  delete(key: string): void {
    this.#keys.delete(key);
  }
}
