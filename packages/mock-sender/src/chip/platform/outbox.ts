import { buildRequest } from "../../build-request.ts";
import type { MockEvent } from "../../mock-platform.ts";
import { isAccepted, makeAttempt } from "../../redelivery.ts";
import type { Attempt } from "../../redelivery.ts";
import { openUrl } from "../../targets/url-target.ts";
import type { VirtualClock } from "../../virtual-clock.ts";
import type { Signer } from "./webhook-book.ts";

/** One attempt of the platform to deliver an event. */
export interface PlatformDelivery extends Attempt {
  readonly type: string;
  /** The event id that a receiver sees; `undefined` when the provider cannot read one. */
  readonly eventId: string | undefined;
  /** The object that the event is about. Its events are delivered in order. */
  readonly objectId: string;
  /** `undefined`: a success callback, which belongs to no webhook. */
  readonly webhookId: string | undefined;
  /** The address it went to. */
  readonly callback: string;
}

/** Where an event goes. */
export interface Destination {
  /** Tells it from the others. */
  readonly name: string;
  readonly webhookId: string | undefined;
  /** `undefined`: it is gone, and what waits for it with it. */
  resolve(): { readonly url: string; readonly signer: Signer } | undefined;
}

/** The events that are on their way. */
export interface Outbox {
  /** Every attempt so far, in the order they ended. */
  readonly deliveries: readonly PlatformDelivery[];
  /** Takes an event in and makes what attempts are due. Answers with those for this event. */
  post(event: MockEvent, objectId: string, to: readonly Destination[]): Promise<readonly PlatformDelivery[]>;
  advance(durationMs: number): Promise<readonly PlatformDelivery[]>;
  deliverAll(): Promise<readonly PlatformDelivery[]>;
  close(): Promise<void>;
}

interface Parcel {
  readonly event: MockEvent;
  readonly objectId: string;
  readonly to: Destination;
  readonly made: PlatformDelivery[];
}

/** What goes to one destination about one object. Only its first parcel is ever tried: the others wait behind it. */
interface Lane {
  readonly parcels: Parcel[];
  running: Promise<void> | undefined;
}

/**
 * Makes an empty outbox.
 *
 * @param attemptsDueMs when an event is tried: milliseconds after its own first attempt
 */
export function createOutbox(clock: VirtualClock, attemptsDueMs: readonly number[]): Outbox {
  const lanes = new Map<string, Lane>();
  const deliveries: PlatformDelivery[] = [];
  const closing = new AbortController();

  function dueMsOf({ made }: Parcel): number {
    const first = made[0];
    return first === undefined ? Number.NEGATIVE_INFINITY : first.atMs + (attemptsDueMs[made.length] ?? 0);
  }

  async function attempt({ event, objectId, to, made }: Parcel, goal: NonNullable<ReturnType<Destination["resolve"]>>) {
    const { url, signer } = goal;
    const atMs = clock.nowMs();
    const request = await buildRequest(signer, event, { url, nowMs: atMs }, {});
    const result = await makeAttempt({ attempt: made.length + 1, atMs }, async () => {
      const { reply, outcome, code } = await openUrl(url, { signal: closing.signal }).deliver(request);
      return { status: reply.status, outcome, code };
    });
    const { type } = event;
    const { webhookId } = to;
    const delivery = { ...result, type, eventId: request.eventId, objectId, webhookId, callback: url };
    made.push(delivery);
    deliveries.push(delivery);
    return delivery;
  }

  async function empty(key: string, lane: Lane): Promise<void> {
    for (let parcel = lane.parcels[0]; parcel !== undefined; parcel = lane.parcels[0]) {
      if (closing.signal.aborted || dueMsOf(parcel) > clock.nowMs()) return;
      const goal = parcel.to.resolve();
      const isDone =
        goal === undefined || isAccepted(await attempt(parcel, goal)) || parcel.made.length === attemptsDueMs.length;
      if (isDone) lane.parcels.shift();
    }
    lanes.delete(key);
  }

  /** Of two callers the second waits for the first: a lane has one parcel under way at a time. */
  function run(key: string, lane: Lane): Promise<void> {
    lane.running ??= empty(key, lane).finally(() => (lane.running = undefined));
    return lane.running;
  }

  function nextLane() {
    const waiting = [...lanes].flatMap(([key, lane]) => {
      const parcel = lane.parcels[0];
      return parcel === undefined ? [] : [{ key, lane, dueMs: dueMsOf(parcel) }];
    });
    return waiting.toSorted((one, other) => (one.dueMs < other.dueMs ? -1 : Number(one.dueMs > other.dueMs)))[0];
  }

  async function runUntil(untilMs: number): Promise<readonly PlatformDelivery[]> {
    const start = deliveries.length;
    for (let next = nextLane(); next !== undefined && next.dueMs <= untilMs; next = nextLane()) {
      if (closing.signal.aborted) break;
      await clock.advance(Math.max(0, next.dueMs - clock.nowMs()));
      await run(next.key, next.lane);
    }
    return deliveries.slice(start);
  }

  return {
    deliveries,
    async post(event, objectId, to) {
      // An address that is none must be found before the event is taken in: it would stay here for good.
      for (const destination of to) openUrl(destination.resolve()?.url ?? "");
      const parcels = to.map((destination) => ({ event, objectId, to: destination, made: [] }) satisfies Parcel);
      await Promise.all(
        parcels.map(async (parcel) => {
          const key = JSON.stringify([parcel.to.name, objectId]);
          const lane = lanes.get(key) ?? { parcels: [], running: undefined };
          lanes.set(key, lane);
          lane.parcels.push(parcel);
          await run(key, lane);
        }),
      );
      return parcels.flatMap(({ made }) => made);
    },
    async advance(durationMs) {
      if (!(durationMs >= 0)) throw new RangeError(`The platform cannot advance by ${durationMs} milliseconds.`);
      const untilMs = clock.nowMs() + durationMs;
      const made = await runUntil(untilMs);
      await clock.advance(Math.max(0, untilMs - clock.nowMs()));
      return made;
    },
    deliverAll: () => runUntil(Number.POSITIVE_INFINITY),
    async close() {
      closing.abort();
      for (const { running } of lanes.values()) await running;
      lanes.clear();
    },
  };
}
