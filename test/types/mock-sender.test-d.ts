import { createServer } from "node:http";

import { createReceiver } from "@hooklatch/core";
import type { Outcome, Provider } from "@hooklatch/core";
import type { ErrorCode } from "@hooklatch/core/errors";
import { toExpress } from "@hooklatch/express";
import { createMockSender } from "@hooklatch/mock-sender";
import type { DeepPartial, NoReplyError, SendOptions, SendResult, Target } from "@hooklatch/mock-sender";
import { chipMock } from "@hooklatch/mock-sender/chip";
import type { ChipEvents, ChipEventType, Product, PurchaseStatus } from "@hooklatch/providers/chip";
import express from "express";
import express4 from "express4";
import { expectTypeOf, test } from "vitest";

const sender = createMockSender(chipMock());
const payments = createReceiver({ provider: sender.provider });

type Paid = SendOptions<ChipEvents["purchase.paid"]>;

test("a sender has its platform's provider, credentials and event types", () => {
  expectTypeOf(sender.provider).toEqualTypeOf<Provider<ChipEvents>>();
  expectTypeOf(sender.credentials.publicKey).toEqualTypeOf<string>();
  expectTypeOf(sender.types).toEqualTypeOf<readonly ChipEventType[]>();
});

test("only the platform's events can be sent", () => {
  expectTypeOf<Parameters<typeof sender.send>[1]>().toEqualTypeOf<ChipEventType>();
  expectTypeOf<Parameters<typeof sender.build>[0]>().toEqualTypeOf<ChipEventType>();
});

test("overrides are typed for the event they are for, at every depth", () => {
  expectTypeOf<{ payload: { reference: string; purchase: { total: number } } }>().toExtend<Paid>();
  expectTypeOf<{ payload: { client: { email: string } }; path: string; fault: "tampered" }>().toExtend<Paid>();
  expectTypeOf<{ payload: { purchase: { total: string } } }>().not.toExtend<Paid>();
  expectTypeOf<{ payload: { status: "created" } }>().not.toExtend<Paid>();
  expectTypeOf<{ fault: "broken" }>().not.toExtend<Paid>();
  // @ts-expect-error: no such field
  void sender.send(payments, "purchase.paid", { payload: { purchase: { totl: 1 } } });
  // @ts-expect-error: a payout has no purchase
  void sender.send(payments, "payout.success", { payload: { purchase: { total: 1 } } });
});

test("any field can be removed, and a list is given in full", () => {
  expectTypeOf<{ payload: { event_type: undefined } }>().toExtend<Paid>();
  expectTypeOf<{ payload: { purchase: { products: readonly Product[] } } }>().toExtend<Paid>();
  expectTypeOf<{ payload: { purchase: { products: readonly Partial<Product>[] } } }>().not.toExtend<Paid>();
});

test("a deep partial keeps unions, null, unknown values and open words", () => {
  expectTypeOf<DeepPartial<{ a: { b: number } | null }>>().toEqualTypeOf<{
    readonly a?: { readonly b?: number | undefined } | null | undefined;
  }>();
  expectTypeOf<DeepPartial<{ a: unknown }>>().toEqualTypeOf<{ readonly a?: unknown }>();
  expectTypeOf<DeepPartial<PurchaseStatus>>().toEqualTypeOf<PurchaseStatus>();
});

test("a result tells status, outcome, code, event id and reply", () => {
  expectTypeOf(sender.send(payments, "purchase.paid")).resolves.toEqualTypeOf<SendResult>();
  expectTypeOf<SendResult["outcome"]>().toEqualTypeOf<Outcome | undefined>();
  expectTypeOf<SendResult["code"]>().toEqualTypeOf<ErrorCode | undefined>();
  expectTypeOf(sender.duplicate(payments, "purchase.paid")).resolves.toEqualTypeOf<
    readonly [first: SendResult, second: SendResult]
  >();
  expectTypeOf(sender.concurrent(payments, "purchase.paid")).resolves.toEqualTypeOf<readonly SendResult[]>();
});

test("attempts tell when there was no reply", async () => {
  const { attempts } = await sender.sendUntilAccepted(payments, "purchase.paid");
  expectTypeOf(attempts).items.toHaveProperty("error").toEqualTypeOf<NoReplyError | undefined>();
  expectTypeOf(attempts).items.toHaveProperty("status").toEqualTypeOf<number | undefined>();
});

test("each kind of target is one", () => {
  expectTypeOf(payments).toExtend<Target>();
  expectTypeOf<string>().toExtend<Target>();
  expectTypeOf<URL>().toExtend<Target>();
  expectTypeOf(express()).toExtend<Target>();
  expectTypeOf(express4()).toExtend<Target>();
  expectTypeOf(toExpress(payments)).toExtend<Target>();
  expectTypeOf(createServer()).toExtend<Target>();
  expectTypeOf<(request: Request) => Response>().toExtend<Target>();
  expectTypeOf<(request: Request) => Promise<Response>>().toExtend<Target>();
  // As in Hono, whose apps take more than the request.
  expectTypeOf<{ fetch(request: Request, env?: unknown): Promise<Response> }>().toExtend<Target>();
  expectTypeOf<number>().not.toExtend<Target>();
  expectTypeOf<Record<string, never>>().not.toExtend<Target>();
});
