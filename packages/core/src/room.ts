import { BackendError } from "./errors.ts";

/**
 * How many deliveries a receiver has under way. Those that are proven count against the limit. Those whose body is on its
 * way, or whose scheme has not answered yet, may be anybody's: when they are as many, the oldest gives way to the newest,
 * so that senders who open connections and say nothing cannot shut out the platform.
 */
export class Room {
  readonly #max: number;
  readonly #readers = new Set<() => void>();
  #inside = 0;
  #isClosed = false;

  constructor(max: number) {
    this.#max = max;
  }

  /** @throws {BackendError} `ERR_RECEIVER_CLOSED`, `ERR_OVERLOADED` */
  assertOpen(): void {
    if (this.#isClosed) {
      throw new BackendError("ERR_RECEIVER_CLOSED", "The receiver is closing and takes no more deliveries.");
    }
    if (this.#inside >= this.#max)
      throw overloaded(`${this.#inside} deliveries are being handled, which is the limit.`);
  }

  /** Gives a place to a delivery that is not proven yet. `giveWay` is called when it is to stop; the answer is called when it ends. */
  startReading(giveWay: (error: BackendError) => void): () => void {
    const [oldest] = this.#readers;
    if (oldest !== undefined && this.#readers.size >= this.#max) oldest();
    const reader = (): void => {
      this.#readers.delete(reader);
      giveWay(overloaded(`${this.#max} newer deliveries came before this one was proven.`));
    };
    this.#readers.add(reader);
    return () => void this.#readers.delete(reader);
  }

  /**
   * Lets a proven delivery in; it MUST leave.
   *
   * @throws {BackendError} `ERR_OVERLOADED`
   */
  enter(): void {
    if (this.#inside >= this.#max)
      throw overloaded(`${this.#inside} deliveries are being handled, which is the limit.`);
    this.#inside++;
  }

  leave(): void {
    this.#inside--;
  }

  close(): void {
    this.#isClosed = true;
  }
}

function overloaded(message: string): BackendError {
  return new BackendError("ERR_OVERLOADED", message, { help: "Make the handlers faster or raise maxInFlight." });
}
