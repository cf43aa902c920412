import type { BodyObject, EventTypeOf, Provider } from "@hooklatch/core";

import type { MockRequest } from "./mock-request.ts";

/** What a mock sender must know of one platform. Write one to send your own platform's events. */
export interface MockPlatform<Events, Credentials = unknown> {
  /** In lower case, as the provider's name. The default path of a delivery is `/webhooks/<name>`. */
  readonly name: string;
  /** Set up with the mock's own keys or secrets, so a receiver with it accepts what the mock signs. */
  readonly provider: Provider<Events>;
  /** The same keys or secrets as an app's configuration takes them: a PEM, a secret, a token. */
  readonly credentials: Credentials;
  /** Every event type, each of which {@link MockPlatform.fixture} has a payload for. */
  readonly types: readonly EventTypeOf<Events>[];
  /** When the platform sends the same event: milliseconds after the first attempt, ascending, the first one 0. */
  readonly attemptsDueMs: readonly number[];
  /**
   * A realistic payload. MUST be a new object each time, and MUST depend on the moment alone: the same moment gives the
   * same payload, another moment gives another event id.
   */
  fixture<Type extends EventTypeOf<Events>>(type: Type, moment: MockMoment): Events[Type];
  /** Writes an event as the platform's own serialiser does, with whatever envelope it puts around the payload. */
  encode(event: MockEvent): EncodedBody;
  /**
   * Adds the proof of origin: most often a header, but it may change the address or the body too. MUST NOT change the
   * request it is given.
   */
  sign(request: MockRequest, signing: Signing): MockRequest | Promise<MockRequest>;
}

/** Which event this is of its sender, and when it happens. No two events of a sender happen in the same second. */
export interface MockMoment {
  /** 1 for the first event of a sender. */
  readonly sequence: number;
  /** When the event happens, in milliseconds since the epoch. */
  readonly atMs: number;
  /** An identifier in the form of a UUID: the same for the same label in the same moment, and never seen elsewhere. */
  uuid(label: string): string;
}

/** An event on its way to becoming bytes. */
export interface MockEvent {
  readonly type: string;
  /** The fixture with the overrides merged into it. */
  readonly payload: unknown;
  readonly moment: MockMoment;
}

/** A body as it goes over the wire, and as a receiver will read it. */
export interface EncodedBody {
  readonly contentType: string;
  readonly bytes: Uint8Array;
  /** What a receiver's parser makes of the bytes: what the provider's `describe` will be given. */
  readonly parsed: BodyObject;
}

/** How a request is to be signed. */
export interface Signing {
  readonly event: MockEvent;
  /** `own`: with the mock's keys. `foreign`: correctly, but with keys that the provider does not know. */
  readonly key: "own" | "foreign";
  /** The time for schemes that sign one, in milliseconds since the epoch. Differs between attempts of one event. */
  readonly nowMs: number;
}
