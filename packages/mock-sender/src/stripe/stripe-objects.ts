import type { StripeEvents } from "@hooklatch/providers/stripe";

import type { DeepPartial } from "../deep-partial.ts";
import type { MockMoment } from "../mock-platform.ts";

/** The object of an event, by the event's type. */
export const stripeObjects: ReadonlyMap<string, (moment: MockMoment) => object> = new Map<
  string,
  (moment: MockMoment) => object
>([
  ["checkout.session.completed", checkoutSession],
  ["payment_intent.succeeded", paidIntent],
  ["payment_intent.payment_failed", failedIntent],
  ["charge.refunded", refundedCharge],
  ["invoice.paid", (moment) => invoice(moment, "paid")],
  ["invoice.payment_failed", (moment) => invoice(moment, "open")],
  ["customer.subscription.created", (moment) => subscription(moment, "active")],
  ["customer.subscription.deleted", (moment) => subscription(moment, "canceled")],
]);

type ObjectOf<Type extends keyof StripeEvents> = StripeEvents[Type] extends {
  readonly data: { readonly object: infer It };
}
  ? DeepPartial<It>
  : never;

const id = (prefix: string, moment: MockMoment): string =>
  `${prefix}_1${moment.uuid(prefix).replaceAll("-", "").slice(0, 23)}`;
const secondsOf = (moment: MockMoment): number => Math.floor(moment.atMs / 1000);

const buyer = { email: "hana.lim@example.com", name: "Hana Lim", phone: null };
const cents = 12_900;
const monthSeconds = 2_592_000;

function checkoutSession(moment: MockMoment): ObjectOf<"checkout.session.completed"> {
  return {
    id: id("cs_test", moment),
    object: "checkout.session",
    amount_subtotal: cents,
    amount_total: cents,
    client_reference_id: `order-${100 + moment.sequence}`,
    created: secondsOf(moment) - 180,
    currency: "myr",
    customer: id("cus", moment),
    customer_details: buyer,
    livemode: false,
    metadata: { basket: "two lamps & a rug" },
    mode: "payment",
    payment_intent: id("pi", moment),
    payment_status: "paid",
    status: "complete",
    success_url: "https://shop.example.com/thanks?session={CHECKOUT_SESSION_ID}",
  };
}

function paidIntent(moment: MockMoment): ObjectOf<"payment_intent.succeeded"> {
  return {
    ...intent(moment),
    amount_received: cents,
    latest_charge: id("ch", moment),
    last_payment_error: null,
    status: "succeeded",
  };
}

function failedIntent(moment: MockMoment): ObjectOf<"payment_intent.payment_failed"> {
  return {
    ...intent(moment),
    amount_received: 0,
    last_payment_error: {
      type: "card_error",
      code: "card_declined",
      decline_code: "insufficient_funds",
      message: "Your card has insufficient funds.",
    },
    status: "requires_payment_method",
  };
}

function intent(moment: MockMoment) {
  return {
    id: id("pi", moment),
    object: "payment_intent" as const,
    amount: cents,
    created: secondsOf(moment) - 60,
    currency: "myr",
    customer: id("cus", moment),
    description: "Two lamps and a rug",
    livemode: false,
    metadata: { order: `order-${100 + moment.sequence}` },
    payment_method: id("pm", moment),
    receipt_email: buyer.email,
  };
}

function refundedCharge(moment: MockMoment): ObjectOf<"charge.refunded"> {
  return {
    id: id("ch", moment),
    object: "charge",
    amount: cents,
    amount_captured: cents,
    amount_refunded: cents,
    billing_details: buyer,
    created: secondsOf(moment) - 86_400,
    currency: "myr",
    livemode: false,
    metadata: {},
    paid: true,
    payment_intent: id("pi", moment),
    refunded: true,
    status: "succeeded",
  };
}

function invoice(moment: MockMoment, status: "paid" | "open"): ObjectOf<"invoice.paid"> {
  const isPaid = status === "paid";
  return {
    id: id("in", moment),
    object: "invoice",
    amount_due: 4900,
    amount_paid: isPaid ? 4900 : 0,
    amount_remaining: isPaid ? 0 : 4900,
    attempt_count: 1,
    attempted: true,
    billing_reason: "subscription_cycle",
    created: secondsOf(moment) - 3600,
    currency: "myr",
    customer: id("cus", moment),
    customer_email: buyer.email,
    customer_name: buyer.name,
    livemode: false,
    number: `LMP-${String(moment.sequence).padStart(4, "0")}`,
    status,
    total: 4900,
  };
}

function subscription(moment: MockMoment, status: "active" | "canceled"): ObjectOf<"customer.subscription.created"> {
  const now = secondsOf(moment);
  const isOver = status === "canceled";
  return {
    id: id("sub", moment),
    object: "subscription",
    cancel_at_period_end: false,
    canceled_at: isOver ? now : null,
    collection_method: "charge_automatically",
    created: isOver ? now - monthSeconds : now,
    currency: "myr",
    customer: id("cus", moment),
    ended_at: isOver ? now : null,
    livemode: false,
    metadata: { plan: "lamp-of-the-month" },
    start_date: isOver ? now - monthSeconds : now,
    status,
  };
}
