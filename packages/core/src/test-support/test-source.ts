import type { ByteSink, ByteSource } from "../delivery.ts";

/** A body that arrives as the test says. */
export class TestSource implements ByteSource {
  starts = 0;
  stops = 0;
  #sink: ByteSink | undefined;

  start(sink: ByteSink): void {
    this.starts++;
    this.#sink = sink;
  }

  stop(): void {
    this.stops++;
    this.#sink = undefined;
  }

  /** Does nothing once the source was stopped, as a source must. */
  chunk(bytes: string | Uint8Array): void {
    this.#sink?.chunk(typeof bytes === "string" ? Buffer.from(bytes) : bytes);
  }

  end(): void {
    this.#sink?.end();
  }

  fail(cause: unknown): void {
    this.#sink?.fail(cause);
  }
}
