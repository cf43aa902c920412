import assert from "node:assert/strict";
import { createHash } from "node:crypto";

import type { EventTypeOf, Provider } from "@hooklatch/core";
import type { Keys } from "@hooklatch/core/schemes";
import type { MockEvent, MockMoment, MockPlatform, MockRequest, Signing } from "@hooklatch/mock-sender";

import { openEndpoint } from "./endpoint.ts";
import type { Endpoint, Neighbours } from "./endpoint.ts";
import type { ProviderConformanceOptions } from "./options.ts";
import { toPlace } from "./place.ts";
import type { Place } from "./place.ts";

/** A mock with what the cases need to send its events, changed or not. */
export interface Bench<Events> {
  readonly mock: MockPlatform<Events>;
  /** A whole second, in milliseconds since the epoch. */
  readonly nowMs: number;
  readonly place: Place;
  /** The event of the first type. */
  readonly first: MockEvent;
  /** One event of each type, each at another moment. */
  readonly events: readonly MockEvent[];
  /** The key or secret of the mock; `undefined` where its provider has none. */
  readonly key: string | undefined;
  /** The provider with other keys; `undefined` where it has none. */
  readonly withKeys: ((keys: Keys<string>) => Provider<Events>) | undefined;
  readonly signedPart: ((payload: unknown) => unknown) | undefined;
  /** A bench of the same platform with keys of its own. */
  another(): Bench<Events>;
  event(type: EventTypeOf<Events>, secondsLater?: number): MockEvent;
  sign(event: MockEvent, changes?: SignChanges): Promise<MockRequest>;
  /** An endpoint of the mock's own provider, or of another one; with a store of its own, or one of several. */
  open(provider?: Provider<Events>, neighbours?: Neighbours): Endpoint<Events>;
}

/** How a signed request differs from the usual one. */
interface SignChanges {
  /** Signed in place of the event's own bytes. */
  readonly body?: Uint8Array;
  readonly key?: Signing["key"];
  readonly nowMs?: number;
}

/** Makes a mock and the bench around it. */
export function createBench<Events, Credentials>(
  options: ProviderConformanceOptions<Events, Credentials>,
): Bench<Events> {
  const mock = options.mock();
  const nowMs = Math.floor(Date.now() / 1000) * 1000;
  const place = toPlace(options.signature);
  const key = options.keys?.of(mock.credentials);

  const event = (type: EventTypeOf<Events>, secondsLater = 0): MockEvent => {
    const moment = momentAt(nowMs, secondsLater);
    return { type, payload: mock.fixture(type, moment), moment };
  };

  // Far enough apart that a platform which counts in minutes can tell them from each other.
  const events = mock.types.map((type, index) => event(type, index * 61));
  const [first] = events;
  assert.ok(first, "The mock has no event types.");

  return {
    mock,
    nowMs,
    place,
    first,
    events,
    key,
    withKeys: options.keys?.provider,
    signedPart: options.signedPart,
    another: () => createBench(options),
    event,
    async sign(given, changes = {}) {
      const { contentType, bytes } = mock.encode(given);
      const unsigned: MockRequest = {
        method: "POST",
        url: `http://localhost/webhooks/${mock.name}`,
        headers: { "content-type": contentType },
        body: new Uint8Array(changes.body ?? bytes),
      };
      return mock.sign(unsigned, { event: given, key: changes.key ?? "own", nowMs: changes.nowMs ?? nowMs });
    },
    open: (provider = mock.provider, neighbours) => openEndpoint(provider, { nowMs, place, key, ...neighbours }),
  };
}

function momentAt(nowMs: number, secondsLater: number): MockMoment {
  const atMs = nowMs + secondsLater * 1000;
  return { sequence: secondsLater + 1, atMs, uuid: (label) => toUuid(`${atMs} ${label}`) };
}

function toUuid(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, "$1-$2-4$3-8$4-$5");
}
