import type { Delivery } from "./delivery.ts";

/** How a delivery proves who sent it. */
export interface Scheme {
  /** Headers that must be there, in lower case. A request without them is refused with no byte of its body read. */
  readonly headers: readonly string[];
  /** How far a signed time may lie from now, in milliseconds; absent where the scheme signs no time. */
  readonly toleranceMs?: number;
  /**
   * Proves the delivery and answers with the very bytes it proved: `delivery.body`, the same object. Any other answer
   * counts as a refusal, so a check that was forgotten or not awaited can never pass.
   *
   * MUST look at the bytes, never at decoded text. MUST compare in constant time.
   *
   * @throws {RejectedError} when the delivery is not proven
   * @throws {BackendError} when that cannot be decided now, because a key source is away
   */
  verify(delivery: Delivery, nowMs: number): Uint8Array | Promise<Uint8Array>;
}
