import type { Delivery } from "./delivery.ts";
import type { Diagnosis } from "./diagnosis.ts";

/** How a delivery proves who sent it. */
export interface Scheme {
  /** Headers that must be there, in lower case. A request without them is refused with no byte of its body read. */
  readonly headers: readonly string[];
  /** Sets of headers of which one MUST be there whole, for a scheme that is one of several. In lower case. */
  readonly anyHeaders?: readonly (readonly string[])[];
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
  /**
   * Finds out why a delivery was refused, for the operator and never for the sender. Answers `undefined` when it has
   * nothing to say, as for a delivery that it would not refuse. Called only when somebody asks, with the time at which
   * the delivery was refused. The body is empty where the delivery was refused before it was read. MUST NOT throw, and
   * MUST NOT put a secret, a signature or a part of the body into its answer.
   */
  explain?(delivery: Delivery, nowMs: number): Diagnosis | undefined | Promise<Diagnosis | undefined>;
}
