import { createReceiver } from "@hooklatch/core";
import type { Provider } from "@hooklatch/core";
import { stripe } from "@hooklatch/providers/stripe";
import type { StripeEvents, StripeEventType, StripeOptions, StripeThinEvent } from "@hooklatch/providers/stripe";
import type Stripe from "stripe";
import { expectTypeOf, test } from "vitest";

test("stripe() is a provider of these events", () => {
  expectTypeOf(stripe).returns.toEqualTypeOf<Provider<StripeEvents>>();
});

test("the event map is that of the stripe package: every event, and no open end", () => {
  expectTypeOf<Stripe.Event["type"]>().toExtend<StripeEventType>();
  expectTypeOf<Stripe.V2.Core.EventNotification["type"]>().toExtend<StripeEventType>();
  expectTypeOf<string>().not.toExtend<StripeEventType>();
  expectTypeOf<StripeEvents["invoice.paid"]>().toEqualTypeOf<Stripe.InvoicePaidEvent>();
});

test("a thin event is what is sent: no methods, and its time is text", () => {
  type Thin = StripeEvents["v1.billing.meter.error_report_triggered"];
  expectTypeOf<Thin>().toEqualTypeOf<StripeThinEvent<"v1.billing.meter.error_report_triggered">>();
  expectTypeOf<Thin["created"]>().toBeString();
  expectTypeOf<Extract<keyof Thin, "fetchEvent" | "fetchRelatedObject">>().toBeNever();
});

test("handlers get the object the event is about, and the mode it was made in", () => {
  const receiver = createReceiver({ provider: stripe({ secrets: "whsec_1" }) });
  receiver.on("payment_intent.succeeded", ({ type, payload }) => {
    expectTypeOf(type).toEqualTypeOf<"payment_intent.succeeded">();
    expectTypeOf(payload.data.object).toEqualTypeOf<Stripe.PaymentIntent>();
    expectTypeOf(payload.livemode).toBeBoolean();
  });
  receiver.on("customer.subscription.*", ({ payload }) => {
    expectTypeOf(payload.data.object).toEqualTypeOf<Stripe.Subscription>();
  });
  // @ts-expect-error a typing error in an event's name
  receiver.on("payment_intent.suceeded", () => {});
});

test("secrets may be texts, functions and lists of both", () => {
  expectTypeOf<string>().toExtend<StripeOptions["secrets"]>();
  expectTypeOf<() => Promise<string>>().toExtend<StripeOptions["secrets"]>();
  expectTypeOf<readonly [string, () => Promise<readonly string[]>]>().toExtend<StripeOptions["secrets"]>();
  expectTypeOf<{ readonly secrets: undefined }>().not.toExtend<StripeOptions>();
});
