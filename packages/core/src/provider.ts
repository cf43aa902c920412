import type { StandardSchemaV1 } from "@standard-schema/spec";

import type { Delivery } from "./delivery.ts";
import type { Reply } from "./reply.ts";
import type { Scheme } from "./scheme.ts";

/** A parsed body: a JSON object, or the fields of a form. */
export type BodyObject = Readonly<Record<string, unknown>>;

/** What a provider reads out of a body. Core checks it and makes the event of it. */
export interface EventDescription {
  /**
   * From signed data only. A string or an integer; `readId` gives integers past 2^53 with all their digits. Anything
   * else, and the empty string, is refused.
   */
  readonly id: unknown;
  /** A string that is not empty; anything else is refused. */
  readonly type: unknown;
  readonly payload: unknown;
  /** When it happened, in milliseconds since the epoch. */
  readonly occurredAtMs?: number | undefined;
  /**
   * For how long this id stands for this event, in milliseconds, in place of the receiver's `keepMs`. For an id that a
   * later event may well have again, such as the hash of a body that holds neither an id nor a time. Above 0.
   */
  readonly keepMs?: number | undefined;
}

/** Everything known about one platform. */
export interface Provider<Events = Readonly<Record<string, unknown>>> {
  /** In lower case; also the namespace of its event ids. */
  readonly name: string;
  readonly scheme: Scheme;
  readonly body: "json" | "form";
  /**
   * For a platform that may put its JSON into a form: the name of the form's one field. Whether a body is such a form is
   * told by its bytes, which are signed, and not by its content type, which is not. Needs `contentTypes` for both.
   */
  readonly jsonField?: string;
  /** Media types it sends. Left out: `application/json` and any `+json` type, or `application/x-www-form-urlencoded`. */
  readonly contentTypes?: readonly string[];
  /** The largest body it may send. */
  readonly maxBodyBytes: number;
  /** For how long it may send the same event again. */
  readonly retryHorizonMs: number;
  /** Standard Schemas that payloads must pass, by event type. */
  readonly schemas?: Readonly<Record<string, StandardSchemaV1>>;
  /** The event map. Exists for the compiler only. */
  readonly events?: Events;
  /** Reads the event out of a verified body. May throw a {@link RejectedError} for a body it cannot read. */
  describe(body: BodyObject, delivery: Delivery): EventDescription;
  /**
   * Answers a platform's test of the endpoint, such as a challenge to echo. Asked only after verification. May take as
   * long as handlers may. Throws `ERR_HANDSHAKE_FAILED` where it needs something that is away.
   */
  handshake?(body: BodyObject, delivery: Delivery): Reply | undefined | Promise<Reply | undefined>;
}
