import { randomBytes } from "node:crypto";

import { ConfigError } from "@hooklatch/core/errors";
import type { ChipEvents, ChipEventType } from "@hooklatch/providers/chip";

import type { DeepPartial } from "../../deep-partial.ts";
import { mergeDeep } from "../../merge-deep.ts";
import type { MockEvent } from "../../mock-platform.ts";
import { createMoments } from "../../moments.ts";
import { openListener } from "../../targets/node-target.ts";
import { createVirtualClock } from "../../virtual-clock.ts";
import type { VirtualClock } from "../../virtual-clock.ts";
import { chipMock } from "../chip-mock.ts";
import { createOutbox } from "./outbox.ts";
import type { PlatformDelivery } from "./outbox.ts";
import { createPlatformApi } from "./platform-api.ts";
import { destinationsOf, objectIdOf } from "./routing.ts";
import { toListener } from "./to-listener.ts";
import { createWebhookBook } from "./webhook-book.ts";
import type { ChipMode, MockWebhook } from "./webhook-book.ts";

/** A CHIP of one's own: its webhook API on 127.0.0.1, and the deliveries that follow from it. */
export interface ChipMockPlatform {
  /** The root of its API: the `baseUrl` of `ensureWebhook`, `createChipApi` and `companyKey`. */
  readonly url: string;
  /** The secret keys it accepts. What is registered with the one is not seen with the other. */
  readonly tokens: Readonly<Record<ChipMode, string>>;
  /** Its time. Give it to the receiver to have both agree. */
  readonly clock: VirtualClock;
  /** Every webhook there is now, in the order they were made. */
  readonly webhooks: readonly MockWebhook[];
  /** Every attempt to deliver so far, in the order they ended. */
  readonly deliveries: readonly PlatformDelivery[];
  /**
   * Makes an event and delivers it to every webhook that asks for it, and to the purchase's `success_callback` when it
   * has one and was paid. Ends when it was tried once, or is held back by an earlier event of its object.
   */
  emit<Type extends ChipEventType>(type: Type, options?: EmitOptions<ChipEvents[Type]>): Promise<Emission>;
  /** Moves the time on and makes every attempt that falls due on the way. Answers with those. */
  advance(durationMs: number): Promise<readonly PlatformDelivery[]>;
  /** Moves the time on until nothing is left: each event was accepted, or given up after eight attempts. */
  deliverAll(): Promise<readonly PlatformDelivery[]>;
  /** Breaks off what is on its way and frees the port. */
  close(): Promise<void>;
}

/** How the platform is made. */
export interface ChipMockPlatformOptions {
  /** Default: a virtual clock that starts now. */
  readonly clock?: VirtualClock;
  /** As of `createMockSender`: with it and a clock of a fixed start, every run makes the same events. */
  readonly seed?: string;
  /** How many webhooks a page of the list has. Default: 20. CHIP's own number is not known. */
  readonly pageSize?: number;
}

/** How an event differs from the usual one. */
export interface EmitOptions<Payload> {
  /** Merged into the fixture. `undefined` removes a field, a list replaces the whole list. */
  readonly payload?: DeepPartial<Payload>;
  /** Whose webhooks hear of it. Default: `test`. */
  readonly mode?: ChipMode;
}

/** An event that happened. */
export interface Emission {
  /** The id of the object. Give it to the next event of the same object: `payload: { id: objectId }`. */
  readonly objectId: string;
  /** The first attempts. Empty when nobody asks for the event, or it is held back. */
  readonly deliveries: readonly PlatformDelivery[];
}

/**
 * Starts a CHIP for tests, with keys of its own. MUST be closed.
 *
 * @example
 *   const platform = await createMockPlatform();
 *   const { keys } = await ensureWebhook({ token: platform.tokens.test, baseUrl: platform.url, callback, allEvents: true });
 *   await platform.emit("purchase.paid");
 *   await platform.close();
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID`
 */
export async function createMockPlatform(options: ChipMockPlatformOptions = {}): Promise<ChipMockPlatform> {
  const pageSize = readPageSize(options.pageSize ?? 20);
  const clock = options.clock ?? createVirtualClock();
  const nextMoment = createMoments(clock, options.seed);
  const fixtures = chipMock();
  const tokens = { test: createToken("test"), live: createToken("live") };
  const book = createWebhookBook(clock);
  const outbox = createOutbox(clock, fixtures.attemptsDueMs);
  const api = createPlatformApi({ book, tokens, pageSize });
  const served = await openListener(toListener(api), "/api/v1");
  let isClosed = false;

  return {
    url: served.urlFor(undefined),
    tokens,
    clock,
    get webhooks() {
      return book.all();
    },
    get deliveries() {
      return [...outbox.deliveries];
    },
    async emit(type, { payload = {}, mode = "test" } = {}) {
      if (isClosed) throw new Error("The mock platform is closed.");
      const moment = nextMoment();
      const fixture = { ...fixtures.fixture(type, moment), ...(mode === "live" ? { is_test: false } : {}) };
      const event: MockEvent = { type, payload: mergeDeep(fixture, payload), moment };
      const objectId = objectIdOf(event);
      const deliveries = await outbox.post(event, objectId, destinationsOf(event, mode, book));
      return { objectId, deliveries };
    },
    advance: (durationMs) => outbox.advance(durationMs),
    deliverAll: () => outbox.deliverAll(),
    async close() {
      isClosed = true;
      await outbox.close();
      await served.close();
    },
  };
}

/** Visibly of no use anywhere else. */
function createToken(mode: ChipMode): string {
  return `mock-${mode}-${randomBytes(16).toString("hex")}`;
}

function readPageSize(pageSize: number): number {
  if (Number.isSafeInteger(pageSize) && pageSize >= 1) return pageSize;
  throw new ConfigError("ERR_OPTION_INVALID", `The option pageSize is ${pageSize}; it must be a whole number from 1.`);
}
