import { createReceiver } from "@hooklatch/core";
import type { EventOf, HandlerContext, WebhookEvent } from "@hooklatch/core";
import { createOnWebhook, HooklatchModule, OnWebhook } from "@hooklatch/nestjs";
import type { HandlerDecorator, HooklatchDynamicModule, NestReceiver } from "@hooklatch/nestjs";
import { chip } from "@hooklatch/providers/chip";
import type { ChipEvents } from "@hooklatch/providers/chip";
import type { DynamicModule } from "@nestjs/common";
import { expectTypeOf, test } from "vitest";
import { z } from "zod";

const payments = createReceiver({ provider: chip({ publicKey: "" }) });
const OnPayment = createOnWebhook(payments);
const OnNamedPayment = createOnWebhook<ChipEvents>("payments");

test("forRoot() and forRootAsync() make a dynamic module of Nest's, of the receiver of any provider", () => {
  expectTypeOf<HooklatchDynamicModule>().toExtend<DynamicModule>();
  expectTypeOf(payments).toExtend<NestReceiver>();
  // @ts-expect-error a provider is no receiver
  HooklatchModule.forRoot({ receivers: [{ path: "/chip", receiver: payments.provider }] });
  expectTypeOf<typeof HooklatchModule.forRootAsync>().toBeCallableWith({
    inject: ["KEY"],
    useFactory: async (_key: string) => ({ receivers: [] }),
  });
});

test("a decorator knows the receiver's patterns and what a method is given", () => {
  expectTypeOf(OnPayment("purchase.paid")).toEqualTypeOf<HandlerDecorator<EventOf<ChipEvents, "purchase.paid">>>();
  expectTypeOf(OnNamedPayment("purchase.*")).toEqualTypeOf<HandlerDecorator<EventOf<ChipEvents, "purchase.*">>>();
  expectTypeOf(OnWebhook(payments, "*")).toEqualTypeOf<HandlerDecorator<EventOf<ChipEvents, "*">>>();
  // @ts-expect-error CHIP has no such event
  OnPayment("purchase.payed");
  // @ts-expect-error CHIP has no such event
  OnNamedPayment("order.*");
});

test("a decorator refuses a method that takes another event", () => {
  type Paid = EventOf<ChipEvents, "purchase.paid">;
  const fits = (
    decorate: HandlerDecorator<Paid>,
    good: TypedPropertyDescriptor<(event: Paid, context: HandlerContext) => Promise<void>>,
    wider: TypedPropertyDescriptor<(event: WebhookEvent) => void>,
    none: TypedPropertyDescriptor<() => void>,
    bad: TypedPropertyDescriptor<(event: EventOf<ChipEvents, "payment.refunded">) => void>,
  ): void => {
    decorate({}, "paid", good);
    decorate({}, "paid", wider);
    decorate({}, "paid", none);
    // @ts-expect-error the method is written for another event
    decorate({}, "paid", bad);
  };
  expectTypeOf(fits).toBeFunction();
});

test("with a schema, the payload is what the schema makes of it", () => {
  const decorate = OnPayment("purchase.paid", { schema: z.object({ total: z.number() }) });
  expectTypeOf(decorate).toEqualTypeOf<HandlerDecorator<WebhookEvent<"purchase.paid", { total: number }>>>();
});

test("where the event map is open, every pattern and any payload fits", () => {
  expectTypeOf(createOnWebhook<Readonly<Record<string, unknown>>>("orders")("order.paid")).toEqualTypeOf<
    HandlerDecorator<WebhookEvent<"order.paid">>
  >();
});
