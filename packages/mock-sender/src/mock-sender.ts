import type { EventTypeOf, Provider } from "@hooklatch/core";
import { ConfigError } from "@hooklatch/core/errors";

import { buildRequest } from "./build-request.ts";
import type { BuiltRequest } from "./build-request.ts";
import { mergeDeep } from "./merge-deep.ts";
import type { MockEvent, MockPlatform } from "./mock-platform.ts";
import { createMoments } from "./moments.ts";
import { sendOnSchedule } from "./redelivery.ts";
import type { Redelivery } from "./redelivery.ts";
import type { ConcurrentOptions, SendOptions } from "./send-options.ts";
import type { SendResult } from "./send-result.ts";
import { isAddress, openTarget } from "./targets/open-target.ts";
import type { OpenTarget, Target } from "./targets/target.ts";
import { createVirtualClock } from "./virtual-clock.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** Makes, signs and sends a platform's events. Each event is a new one, unless a method says otherwise. */
export interface MockSender<Events, Credentials = unknown> {
  /** Set up with the sender's keys: `createReceiver({ provider: sender.provider })`. */
  readonly provider: Provider<Events>;
  /** The same keys as an app's own configuration takes them. */
  readonly credentials: Credentials;
  /** The time the events happen at. Give it to the receiver to test what depends on time. */
  readonly clock: VirtualClock;
  /** Every event type there is. */
  readonly types: readonly EventTypeOf<Events>[];
  /** Makes a signed request without sending it. */
  build<Type extends EventTypeOf<Events>>(type: Type, options?: SendOptions<Events[Type]>): Promise<BuiltRequest>;
  /** Sends a request made by `build`, as often as you like. An address as target is used as it is. */
  deliver(target: Target, request: BuiltRequest): Promise<SendResult>;
  /** Sends one event. Rejects with a `NoReplyError` when there is no reply at all. */
  send<Type extends EventTypeOf<Events>>(
    target: Target,
    type: Type,
    options?: SendOptions<Events[Type]>,
  ): Promise<SendResult>;
  /** Sends one event, and the same bytes again once it is answered. */
  duplicate<Type extends EventTypeOf<Events>>(
    target: Target,
    type: Type,
    options?: SendOptions<Events[Type]>,
  ): Promise<readonly [first: SendResult, second: SendResult]>;
  /** Sends copies of one event all at once. */
  concurrent<Type extends EventTypeOf<Events>>(
    target: Target,
    type: Type,
    options?: ConcurrentOptions<Events[Type]>,
  ): Promise<readonly SendResult[]>;
  /** Sends one event as often as its platform would, moving the clock on, until it is accepted. */
  sendUntilAccepted<Type extends EventTypeOf<Events>>(
    target: Target,
    type: Type,
    options?: SendOptions<Events[Type]>,
  ): Promise<Redelivery & { readonly eventId: string | undefined }>;
}

/** How a sender is made. */
export interface MockSenderOptions {
  /** Default: a virtual clock that starts now. */
  readonly clock?: VirtualClock;
  /** With it and a clock of a fixed start, every run makes the same identifiers. Default: each sender makes others. */
  readonly seed?: string;
}

/** Makes a sender for one platform: `createMockSender(chipMock())`. */
export function createMockSender<Events, Credentials>(
  platform: MockPlatform<Events, Credentials>,
  options: MockSenderOptions = {},
): MockSender<Events, Credentials> {
  const clock = options.clock ?? createVirtualClock();
  const nextMoment = createMoments(clock, options.seed);
  const usualPath = `/webhooks/${platform.name}`;

  function nextEvent(type: EventTypeOf<Events>, { payload = {} }: { readonly payload?: unknown }): MockEvent {
    const moment = nextMoment();
    return { type, payload: mergeDeep(platform.fixture(type, moment), payload), moment };
  }

  async function build(event: MockEvent, url: string, changes: SendOptions<unknown>): Promise<BuiltRequest> {
    return buildRequest(platform, event, { url, nowMs: clock.nowMs() }, changes);
  }

  async function open<Value>(target: Target, use: (opened: OpenTarget) => Promise<Value>): Promise<Value> {
    const opened = await openTarget(target, usualPath);
    try {
      return await use(opened);
    } finally {
      await opened.close();
    }
  }

  return {
    provider: platform.provider,
    credentials: platform.credentials,
    clock,
    types: platform.types,
    async build(type, changes = {}) {
      return build(nextEvent(type, changes), new URL(changes.path ?? usualPath, "http://localhost").href, changes);
    },
    async deliver(target, request) {
      const { pathname, search } = new URL(request.url);
      return open(target, async (opened) => {
        const url = opened.urlFor(isAddress(target) ? undefined : pathname + search);
        return post(opened, { ...request, url });
      });
    },
    async send(target, type, changes = {}) {
      const event = nextEvent(type, changes);
      return open(target, async (opened) => post(opened, await build(event, opened.urlFor(changes.path), changes)));
    },
    async duplicate(target, type, changes = {}) {
      const event = nextEvent(type, changes);
      return open(target, async (opened) => {
        const request = await build(event, opened.urlFor(changes.path), changes);
        return [await post(opened, request), await post(opened, request)] as const;
      });
    },
    async concurrent(target, type, changes = {}) {
      const { copies = 10 } = changes;
      assertCopies(copies);
      const event = nextEvent(type, changes);
      return open(target, async (opened) => {
        const request = await build(event, opened.urlFor(changes.path), changes);
        return Promise.all(Array.from({ length: copies }, async () => post(opened, request)));
      });
    },
    async sendUntilAccepted(target, type, changes = {}) {
      const event = nextEvent(type, changes);
      return open(target, async (opened) => {
        const url = opened.urlFor(changes.path);
        const { eventId } = await build(event, url, changes);
        const attempt = async () => post(opened, await build(event, url, changes));
        return { ...(await sendOnSchedule(platform.attemptsDueMs, clock, attempt)), eventId };
      });
    },
  };
}

async function post(opened: OpenTarget, request: BuiltRequest): Promise<SendResult> {
  const { reply, outcome, code } = await opened.deliver(request);
  return { status: reply.status, outcome, code, eventId: request.eventId, reply };
}

function assertCopies(copies: number): void {
  if (Number.isSafeInteger(copies) && copies >= 1) return;
  throw new ConfigError("ERR_OPTION_INVALID", `The option copies is ${copies}; it must be a whole number from 1.`);
}
