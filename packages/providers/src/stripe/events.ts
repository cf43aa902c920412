import type Stripe from "stripe";

import type { IsAny } from "../is-any.ts";
import type { StripeSnapshotEvent, StripeThinEvent } from "./stripe-event.ts";

/** The name of an event that Stripe sends: `invoice.paid`, or `v1.…` and `v2.…` for a thin one. */
export type StripeEventType = Extract<keyof StripeEvents, string>;

/**
 * The event map of Stripe: what each event carries, which is the whole signed event. The types are those of the `stripe`
 * package, for the version of the API that it is made for. Without that package every name is taken, and a payload is
 * known as far as all events are alike.
 *
 * For an event that Stripe added since, extend this interface by declaration merging.
 */
export interface StripeEvents extends StripeEventMap {}

type StripeEventMap = IsAny<Stripe.Event> extends true ? OpenEventMap : SnapshotEventMap & ThinEventMap;

type SnapshotEventMap = { readonly [Event in Stripe.Event as Event["type"]]: Event };

/** The package's own type has methods, which nothing that was parsed from a body has. */
type ThinEventMap = {
  readonly [Type in Stripe.V2.Core.EventNotification["type"]]: StripeThinEvent<Type>;
};

interface OpenEventMap {
  readonly [type: string]: StripeSnapshotEvent | StripeThinEvent;
}
