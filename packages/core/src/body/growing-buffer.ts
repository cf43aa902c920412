const smallest = 4096;

/**
 * One buffer that doubles as chunks come in. A list of chunks would cost about 600 bytes a chunk: a body of one-byte
 * chunks would take hundreds of times its size.
 */
export class GrowingBuffer {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;
  readonly #maxBytes: number;

  constructor(maxBytes: number, expectedBytes = smallest) {
    this.#maxBytes = maxBytes;
    // A declared length is a stranger's word: it is no reason to set aside more than a page or two.
    this.#bytes = new Uint8Array(Math.min(Math.max(expectedBytes, 1), smallest * 4));
  }

  /** Adds a chunk. `false`: it does not fit under the limit, and nothing was added. */
  add(chunk: Uint8Array): boolean {
    const needed = this.#length + chunk.length;
    if (needed > this.#maxBytes) return false;
    if (needed > this.#bytes.length) this.#grow(needed);
    this.#bytes.set(chunk, this.#length);
    this.#length = needed;
    return true;
  }

  /** What was added so far, without a copy. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #grow(needed: number): void {
    const wanted = Math.max(needed, Math.min(this.#bytes.length * 2, this.#maxBytes));
    // Gives the old bytes back at once; a copy would leave them to the garbage collector.
    this.#bytes = new Uint8Array(this.#bytes.buffer.transfer(wanted));
  }
}
