import { createReceiver } from "@hooklatch/core";
import type { EventOf, EventTypeOf, Provider } from "@hooklatch/core";
import { chip } from "@hooklatch/providers/chip";
import type {
  chipEventTypes,
  BillingTemplateClient,
  ChipEvents,
  ChipEventType,
  ChipOptions,
  Fetch,
  Payment,
  PaymentDetails,
  Payout,
  Purchase,
  PurchaseDetails,
  RelatedObject,
  TransactionAttempt,
} from "@hooklatch/providers/chip";
import { expectTypeOf, test } from "vitest";

test("the runtime list of event types is exactly the event map", () => {
  expectTypeOf<(typeof chipEventTypes)[number]>().toEqualTypeOf<keyof ChipEvents>();
  expectTypeOf<(typeof chipEventTypes)["length"]>().toEqualTypeOf<29>();
  expectTypeOf<ChipEventType>().toEqualTypeOf<EventTypeOf<ChipEvents>>();
});

test("chip() is a provider of these events", () => {
  expectTypeOf(chip).returns.toEqualTypeOf<Provider<ChipEvents>>();
});

test("an event carries the object its name says", () => {
  expectTypeOf<ChipEvents[Extract<ChipEventType, `purchase.${string}`>]>().toExtend<Purchase>();
  expectTypeOf<ChipEvents[Extract<ChipEventType, `payment.${string}`>]>().toEqualTypeOf<Payment>();
  expectTypeOf<ChipEvents[Extract<ChipEventType, `payout.${string}`>]>().toExtend<Payout>();
  expectTypeOf<
    ChipEvents["billing_template_client.subscription_billing_cancelled"]
  >().toExtend<BillingTemplateClient>();
});

test("a payload is narrowed by what its event makes certain, and no further", () => {
  expectTypeOf<ChipEvents["purchase.paid"]["status"]>().toEqualTypeOf<"paid">();
  expectTypeOf<ChipEvents["purchase.captured"]["status"]>().toEqualTypeOf<"paid">();
  expectTypeOf<ChipEvents["purchase.payment_failure"]["status"]>().toEqualTypeOf<"error">();
  expectTypeOf<ChipEvents["payout.failed"]["status"]>().toEqualTypeOf<"error">();
  expectTypeOf<ChipEvents["purchase.paid"]["payment"]>().toEqualTypeOf<PaymentDetails>();
  expectTypeOf<ChipEvents["purchase.settled"]["payment"]>().toEqualTypeOf<PaymentDetails>();
  expectTypeOf<ChipEvents["purchase.subscription_charge_failure"]["billing_template_id"]>().toEqualTypeOf<string>();

  expectTypeOf<ChipEvents["purchase.hold"]["payment"]>().toEqualTypeOf<PaymentDetails | null>();
  expectTypeOf<ChipEvents["purchase.refund_failure"]["status"]>().toEqualTypeOf<Purchase["status"]>();
});

test("what CHIP leaves empty is nullable, what it leaves out is optional", () => {
  expectTypeOf<Purchase["viewed_on"]>().toEqualTypeOf<number | null>();
  expectTypeOf<Purchase["payment_method_whitelist"]>().toEqualTypeOf<readonly string[] | null>();
  expectTypeOf<PurchaseDetails["total_override"]>().toEqualTypeOf<number | null>();
  expectTypeOf<TransactionAttempt["error"]>().extract<null>().toEqualTypeOf<null>();
  expectTypeOf<Pick<Purchase, "can_mark_as_refunded">>().toEqualTypeOf<{ readonly can_mark_as_refunded?: boolean }>();
  expectTypeOf<Pick<RelatedObject, "reference">>().toEqualTypeOf<{ readonly reference?: string }>();
  expectTypeOf<Pick<Purchase, "event_type">>().toEqualTypeOf<{ readonly event_type?: string }>();
});

test("a status that CHIP adds later is still a status, and the known ones are offered", () => {
  expectTypeOf<"refunded">().toExtend<Purchase["status"]>();
  expectTypeOf<"half_refunded">().toExtend<Purchase["status"]>();
  expectTypeOf<number>().not.toExtend<Purchase["status"]>();
});

test("handlers get the narrowed payload, for a type and for a prefix", () => {
  const receiver = createReceiver({ provider: chip({ publicKey: "" }) });
  receiver.on("purchase.paid", ({ type, payload }) => {
    expectTypeOf(type).toEqualTypeOf<"purchase.paid">();
    expectTypeOf(payload.payment.net_amount).toBeNumber();
    // @ts-expect-error payloads are read-only
    payload.reference = "";
  });
  receiver.on("payment.*", ({ payload }) => expectTypeOf(payload.related_to).toEqualTypeOf<RelatedObject>());
  receiver.on("purchase.*", (event) => {
    if (event.type === "purchase.viewed") expectTypeOf(event.payload.status).toEqualTypeOf<"viewed">();
  });
  // @ts-expect-error a typing error in an event's name
  receiver.on("purchase.payed", () => {});
  expectTypeOf<EventOf<ChipEvents, "payout.*">["type"]>().toEqualTypeOf<
    "payout.created" | "payout.pending" | "payout.failed" | "payout.success"
  >();
});

test("keys may be texts, functions and lists of both", () => {
  expectTypeOf<string>().toExtend<ChipOptions["publicKey"]>();
  expectTypeOf<() => Promise<string>>().toExtend<ChipOptions["publicKey"]>();
  expectTypeOf<readonly [string, () => Promise<readonly string[]>]>().toExtend<ChipOptions["publicKey"]>();
  expectTypeOf<{ readonly publicKey: undefined }>().not.toExtend<ChipOptions>();
});

test("the platform's own fetch can be handed over", () => {
  expectTypeOf<typeof fetch>().toExtend<Fetch>();
});
