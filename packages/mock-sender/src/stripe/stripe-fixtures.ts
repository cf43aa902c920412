import type { StripeEvents, StripeThinEvent } from "@hooklatch/providers/stripe";

import type { MockMoment } from "../mock-platform.ts";
import { stripeObjects } from "./stripe-objects.ts";

/** The events with a fixture of their own. */
export const stripeFixtureTypes = [
  "checkout.session.completed",
  "payment_intent.succeeded",
  "payment_intent.payment_failed",
  "charge.refunded",
  "invoice.paid",
  "invoice.payment_failed",
  "customer.subscription.created",
  "customer.subscription.deleted",
  "v1.billing.meter.no_meter_found",
] as const satisfies readonly (keyof StripeEvents)[];

const apiVersion = "2026-10-28.endive";

/** An event of Stripe as it is sent: the fields that handlers read most, without those that are usually empty. */
export function stripeFixture<Type extends Extract<keyof StripeEvents, string>>(
  type: Type,
  moment: MockMoment,
): StripeEvents[Type] {
  // What is left out of an object is what a handler can be given by an override.
  return (/^v[12]\./.test(type) ? thinEvent(type, moment) : snapshotEvent(type, moment)) as StripeEvents[Type];
}

function thinEvent(type: string, moment: MockMoment): StripeThinEvent {
  return {
    id: `evt_test_65${moment.uuid("event").replaceAll("-", "")}`,
    object: "v2.core.event",
    type,
    created: new Date(moment.atMs).toISOString(),
    livemode: false,
  };
}

function snapshotEvent(type: string, moment: MockMoment) {
  const object = stripeObjects.get(type)?.(moment) ?? {
    id: `obj_${moment.uuid("object").replaceAll("-", "")}`,
    object: type.slice(0, type.lastIndexOf(".")).replace(/^customer\.(?=subscription)/, ""),
  };
  return {
    id: `evt_1${moment.uuid("event").replaceAll("-", "").slice(0, 23)}`,
    object: "event",
    api_version: apiVersion,
    created: Math.floor(moment.atMs / 1000),
    data: { object },
    livemode: false,
    pending_webhooks: 1,
    request: { id: `req_${moment.uuid("request").slice(0, 8)}`, idempotency_key: moment.uuid("idempotency") },
    type,
  };
}
