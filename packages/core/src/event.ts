/** What a delivery says. Plain data: it can be cloned, stored and sent on. */
export interface WebhookEvent<Type extends string = string, Payload = unknown> {
  /** The platform's id of the event, or one derived from signed fields. The same over every redelivery. */
  readonly id: string;
  readonly type: Type;
  readonly payload: Payload;
  /** When it happened, as the platform says: ISO 8601 in UTC. */
  readonly occurredAt?: string;
}

/** The names of the events in an event map. */
export type EventTypeOf<Events> = Extract<keyof Events, string>;

/** Any event in an event map; `type` tells which. */
export type KnownEvent<Events> = {
  [Type in EventTypeOf<Events>]: WebhookEvent<Type, Events[Type]>;
}[EventTypeOf<Events>];

/** An event whose type is not in the event map: the platform is newer than the map. */
export type UnknownEvent = WebhookEvent<string & Record<never, never>>;

type Prefix<Type extends string> = Type extends `${infer Head}.${infer Tail}`
  ? Head | `${Head}.${Prefix<Tail>}`
  : never;

/** What a handler can be registered for: one type, every type under a prefix (`purchase.*`), or everything (`*`). */
export type EventPattern<Events> = EventTypeOf<Events> | `${Prefix<EventTypeOf<Events>>}.*` | "*";

/** The events under a prefix; where the event map is open, any type under it. */
type EventUnder<Events, Type extends string> =
  string extends EventTypeOf<Events>
    ? WebhookEvent<Type, Events[EventTypeOf<Events>]>
    : Extract<KnownEvent<Events>, { readonly type: Type }>;

/** The event that a handler for a pattern is given. */
export type EventOf<Events, Pattern extends string> = Pattern extends "*"
  ? KnownEvent<Events> | UnknownEvent
  : Pattern extends `${infer Head}.*`
    ? EventUnder<Events, `${Head}.${string}`>
    : Pattern extends EventTypeOf<Events>
      ? WebhookEvent<Pattern, Events[Pattern]>
      : never;
