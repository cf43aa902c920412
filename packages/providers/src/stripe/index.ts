export { stripe } from "./stripe.ts";
export type { StripeOptions } from "./stripe.ts";
export type { SecretOptions } from "../secret-options.ts";
export type { StripeEvents, StripeEventType } from "./events.ts";
export type { StripeObject, StripeSnapshotEvent, StripeThinEvent } from "./stripe-event.ts";
