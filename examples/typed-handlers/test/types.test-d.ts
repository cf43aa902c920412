import type { EventOf, Receiver } from "@hooklatch/core";
import { isEvent } from "@hooklatch/core";
import type { ChipEvents, PaymentDetails, Purchase } from "@hooklatch/providers/chip";
import { expectTypeOf, it } from "vitest";
import { z } from "zod";

import type { ParcelEvents } from "../src/parcels.ts";
import type { StockEvents } from "../src/stock.ts";

// Nothing runs here: `tsc` is what checks it. A test of your own like these keeps a narrowing true that you rely on.

type Payments = Receiver<ChipEvents>;

it("a handler of one type gets what this event carries", () => {
  const register = (payments: Payments) =>
    payments.on("purchase.paid", { name: "book-payment" }, ({ type, payload }, { signal, attempt }) => {
      expectTypeOf(type).toEqualTypeOf<"purchase.paid">();
      expectTypeOf(payload.status).toEqualTypeOf<"paid">();
      expectTypeOf(payload.payment).toEqualTypeOf<PaymentDetails>(); // and not null, as of a purchase in general
      expectTypeOf<Purchase["payment"]>().toEqualTypeOf<PaymentDetails | null>();
      expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
      expectTypeOf(attempt).toBeNumber();
    });
  expectTypeOf(register).returns.toEqualTypeOf<Payments>();
});

it("a handler of a prefix gets a union, in which the type tells the payload", () => {
  const register = (payments: Payments) =>
    payments.on("purchase.*", ({ type, payload }) => {
      expectTypeOf(type).toEqualTypeOf<Extract<keyof ChipEvents, `purchase.${string}`>>();
      expectTypeOf(payload).toExtend<Purchase>();
      if (type === "purchase.paid") expectTypeOf(payload.payment).toEqualTypeOf<PaymentDetails>();
      if (type === "purchase.hold") expectTypeOf(payload.payment).toEqualTypeOf<PaymentDetails | null>();
      if (type === "purchase.subscription_charge_failure") expectTypeOf(payload.billing_template_id).toBeString();
      // @ts-expect-error: a payout is no purchase
      if (type === "payout.failed") return;
    });
  expectTypeOf(register).toBeFunction();
});

it("a handler of everything knows nothing of a payload until isEvent says more", () => {
  const look = (event: EventOf<ChipEvents, "*">) => {
    expectTypeOf(event.payload).toBeUnknown();
    if (event.type === "payout.failed") expectTypeOf(event.payload).toBeUnknown();
    if (isEvent(event, "payout.failed")) expectTypeOf(event.payload.status).toEqualTypeOf<"error">();
  };
  expectTypeOf(look).toBeFunction();
});

it("a handler with a schema gets its output and nothing else", () => {
  const schema = z.object({ amount: z.string().transform(Number) });
  const register = (payments: Payments) =>
    payments.on("payment.charged_back", { schema }, ({ payload }) => {
      expectTypeOf(payload).toEqualTypeOf<{ amount: number }>();
    });
  expectTypeOf(register).toBeFunction();
});

it("a pattern that no event matches does not compile", () => {
  const register = (payments: Payments, stock: Receiver<StockEvents>) => {
    // @ts-expect-error: a typing error
    payments.on("purchase.payed", () => {});
    // @ts-expect-error: CHIP has no such prefix
    payments.on("invoice.*", () => {});
    // @ts-expect-error: another platform's
    stock.on("purchase.paid", () => {});
  };
  expectTypeOf(register).toBeFunction();
});

it("the events of an own platform are those of its interface, or of its schemas", () => {
  const register = (stock: Receiver<StockEvents>, parcels: Receiver<ParcelEvents>) => {
    stock.on("shelf.*", (event) => {
      expectTypeOf(event.payload.article).toBeString();
      if (event.type === "shelf.low") expectTypeOf(event.payload.left).toBeNumber();
      else expectTypeOf(event.payload).toEqualTypeOf<StockEvents["shelf.empty"]>();
    });
    parcels.on("parcel.delivered", ({ payload }) => {
      expectTypeOf(payload).toEqualTypeOf<{ tracking: string; at: Date }>();
    });
    parcels.on("parcel.*", ({ payload }) => expectTypeOf(payload.tracking).toBeString());
  };
  expectTypeOf(register).toBeFunction();
});

it("a function around handlers sees every event, and what next() answers", () => {
  const register = (payments: Payments) =>
    payments.use(async (event, { provider }, next) => {
      expectTypeOf(event).toEqualTypeOf<EventOf<ChipEvents, "*">>();
      expectTypeOf(provider).toBeString();
      expectTypeOf(next).returns.toEqualTypeOf<Promise<void>>();
      await next();
    });
  expectTypeOf(register).toBeFunction();
});
