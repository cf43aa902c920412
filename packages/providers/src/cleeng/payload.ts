/** What the payload of every topic has: the fields of `data`, and beside them the publisher's id from the envelope. */
export interface CleengPayload {
  /** The publisher that the event is about. Stands in the envelope, not in `data`; signed as well. */
  readonly broadcasterId: number;
}

/** The payload of a topic that Cleeng names without saying what its `data` holds. Look before you use a field. */
export interface UndocumentedPayload extends CleengPayload {
  readonly [field: string]: unknown;
}
