import type { StandardSchemaV1 } from "@standard-schema/spec";

import type { Clock } from "./clock.ts";
import type { IncomingDelivery } from "./delivery.ts";
import type { EventOf, EventPattern, WebhookEvent } from "./event.ts";
import type { OutcomeReport } from "./outcome-report.ts";
import type { Provider } from "./provider.ts";
import type { Result } from "./reply.ts";
import type { Store } from "./store.ts";

/** What a handler is told beside the event. */
export interface HandlerContext<Transaction = undefined> {
  readonly provider: string;
  readonly endpoint: string;
  /** How often this event has been tried, this time included. */
  readonly attempt: number;
  /** When the delivery arrived, in milliseconds since the epoch. */
  readonly receivedAtMs: number;
  /** Aborts when the handlers have used up their time, or when the lease was lost and another run may start. */
  readonly signal: AbortSignal;
  /** What the handlers write with, where the store commits their writes together with its own. Else `undefined`. */
  readonly transaction: Transaction;
}

/** The user's function for an event. When it throws or rejects, the platform is told to send the event again. */
export type Handler<Event, Transaction = undefined> = (event: Event, context: HandlerContext<Transaction>) => unknown;

/**
 * Runs around every handler. `next` runs the handler and MUST be called before this ends: a handler that was passed over
 * would be acknowledged without having run. Further calls answer as the first one does. A failure of the handler can be seen here, but not undone.
 */
export type Around<Events, Transaction = undefined> = (
  event: EventOf<Events, "*">,
  context: HandlerContext<Transaction>,
  next: () => Promise<void>,
) => unknown;

/** How one handler is registered. */
export interface HandlerOptions<Schema extends StandardSchemaV1 | undefined = StandardSchemaV1 | undefined> {
  /** Names the handler in error messages. */
  readonly name?: string;
  /** A Standard Schema (zod, valibot, arktype …). The handler gets its output; a payload that fails it is `invalid`. */
  readonly schema?: Schema;
}

/** An event with the payload that a schema makes of it. */
type EventWithSchema<Event extends WebhookEvent, Schema> = Schema extends StandardSchemaV1
  ? Event extends WebhookEvent<infer Type>
    ? WebhookEvent<Type, StandardSchemaV1.InferOutput<Schema>>
    : never
  : Event;

/** A message that is known to come from the platform, such as one over an authenticated connection. */
export interface ProvenMessage {
  /** The exact bytes of one body, as the provider knows it. */
  readonly body: Uint8Array;
  /** Where it came from, for the provider and for reports. */
  readonly url?: string;
}

/** One endpoint for one provider: the pipeline and its handlers. */
export interface Receiver<Events = Readonly<Record<string, unknown>>, Transaction = undefined> {
  readonly provider: Provider<Events>;
  readonly endpoint: string;
  /**
   * Registers a handler for one type, a prefix (`purchase.*`) or everything (`*`). Handlers that match run one after
   * the other in the order they were registered; the first that fails ends the delivery.
   *
   * @throws {ConfigError} `ERR_PATTERN_INVALID`
   */
  on<Pattern extends EventPattern<Events>>(
    pattern: Pattern,
    handler: Handler<EventOf<Events, Pattern>, Transaction>,
  ): Receiver<Events, Transaction>;
  on<Pattern extends EventPattern<Events>, Schema extends StandardSchemaV1 | undefined = undefined>(
    pattern: Pattern,
    options: HandlerOptions<Schema>,
    handler: Handler<EventWithSchema<EventOf<Events, Pattern>, Schema>, Transaction>,
  ): Receiver<Events, Transaction>;
  /** Registers a function around every handler. The first registered is the outermost. */
  use(around: Around<Events, Transaction>): Receiver<Events, Transaction>;
  /** Takes one delivery through the pipeline. Never rejects. */
  receive(incoming: IncomingDelivery): Promise<Result>;
  /**
   * Takes a message that did not come as a delivery through the same steps after verification. The caller has proven where it comes from, as
   * with a connection that the app itself opened to the platform; a scheme is NOT asked. Never rejects.
   */
  dispatch(message: ProvenMessage): Promise<Result>;
  /** Refuses new deliveries and waits for the running ones. Closes the store if the receiver made it. */
  close(): Promise<void>;
}

/** How a receiver is made. */
export interface ReceiverOptions<Events = Readonly<Record<string, unknown>>, Transaction = undefined> {
  readonly provider: Provider<Events>;
  /** Keeps the event ids of two endpoints or tenants of one provider apart. Default: `default`. */
  readonly endpoint?: string;
  /** Remembers which events were let through. Default: the memory of this one process. */
  readonly store?: Store<Transaction>;
  /** The largest body accepted. Default: the provider's. */
  readonly maxBodyBytes?: number;
  /** How long a body may take to arrive. Default: 10 seconds. */
  readonly bodyTimeoutMs?: number;
  /** How long all handlers of one delivery may take together. Default: 30 seconds. */
  readonly handlerTimeoutMs?: number;
  /** How long one call to the store may take. Default: 5 seconds. */
  readonly storeTimeoutMs?: number;
  /**
   * How long a claim outlives a process that died with it, at most; it is renewed every third of this while handlers
   * run. At least three times `storeTimeoutMs`. Default: 30 seconds, or six times `storeTimeoutMs` if that is more.
   */
  readonly leaseMs?: number;
  /**
   * How long a handled event is remembered, unless its provider says otherwise for this event. Default: 30 days, or the
   * provider's retry horizon if that is longer.
   */
  readonly keepMs?: number;
  /**
   * How many proven deliveries may be under way at once, and how many bodies may be on their way: of those the oldest
   * gives way to the newest. Default: 1,000.
   */
  readonly maxInFlight?: number;
  /** Told what became of each delivery. Default: {@link logOutcome}, one line for each that was not accepted. */
  readonly onOutcome?: (report: OutcomeReport) => void;
  readonly clock?: Clock;
}
