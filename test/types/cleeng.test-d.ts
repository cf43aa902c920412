import { createReceiver } from "@hooklatch/core";
import type { EventTypeOf, Provider } from "@hooklatch/core";
import { cleeng } from "@hooklatch/providers/cleeng";
import type {
  cleengTopics,
  CleengEvents,
  CleengOptions,
  CleengPayload,
  CleengTopic,
  CustomerTransaction,
  TaxedTransaction,
  UndocumentedPayload,
} from "@hooklatch/providers/cleeng";
import { expectTypeOf, test } from "vitest";

const signature = { header: "x-signature", encoding: "hex" } as const;

test("the runtime list of topics is exactly the event map", () => {
  expectTypeOf<(typeof cleengTopics)[number]>().toEqualTypeOf<keyof CleengEvents>();
  expectTypeOf<(typeof cleengTopics)["length"]>().toEqualTypeOf<25>();
  expectTypeOf<CleengTopic>().toEqualTypeOf<EventTypeOf<CleengEvents>>();
});

test("cleeng() is a provider of these events", () => {
  expectTypeOf(cleeng).returns.toEqualTypeOf<Provider<CleengEvents>>();
});

test("every payload has the publisher", () => {
  expectTypeOf<CleengEvents[CleengTopic]>().toExtend<CleengPayload>();
  expectTypeOf<CleengEvents[CleengTopic]["broadcasterId"]>().toEqualTypeOf<number>();
});

test("one id is text in one topic and a number in the other, as Cleeng sends it", () => {
  expectTypeOf<CleengEvents["subscriptionReadyForPaymentAuthorisation"]["subscriptionId"]>().toEqualTypeOf<string>();
  expectTypeOf<CleengEvents["subscriptionReadyForPaymentCapture"]["subscriptionId"]>().toEqualTypeOf<number>();
  expectTypeOf<CleengEvents["passCreated"]["passId"]>().toEqualTypeOf<string>();
});

test("a transaction has one of two forms, told apart by a field", () => {
  const receiver = createReceiver({ provider: cleeng({ secrets: "", signature }) });
  receiver.on("transactionCreated", ({ payload }) => {
    if ("offerPrice" in payload) expectTypeOf(payload).toEqualTypeOf<CustomerTransaction>();
    else expectTypeOf(payload).toEqualTypeOf<TaxedTransaction>();
    expectTypeOf(payload.transactionId).toBeString();
  });
});

test("the fields of an undocumented topic must be looked at first", () => {
  expectTypeOf<CleengEvents["subscriptionRenewed"]>().toEqualTypeOf<UndocumentedPayload>();
  expectTypeOf<UndocumentedPayload["subscriptionId"]>().toBeUnknown();
  expectTypeOf<UndocumentedPayload["broadcasterId"]>().toBeNumber();
});

test("a topic that is misspelt, or a payload that is written to, does not compile", () => {
  const receiver = createReceiver({ provider: cleeng({ secrets: "", signature }) });
  // @ts-expect-error the topic is passCreated
  receiver.on("passcreated", () => {});
  receiver.on("passCreated", ({ payload }) => {
    expectTypeOf(payload.active).toBeBoolean();
    // @ts-expect-error payloads are read-only
    payload.passId = "";
  });
});

test("the signature must be given, with its header and encoding", () => {
  expectTypeOf<{ readonly secrets: string }>().not.toExtend<CleengOptions>();
  expectTypeOf<{ secrets: string; signature: { header: string } }>().not.toExtend<CleengOptions>();
  expectTypeOf<{ secrets: string; signature: { header: string; encoding: "hex" } }>().toExtend<CleengOptions>();
});

test("secrets may be texts, functions and lists of both", () => {
  expectTypeOf<readonly [string, () => Promise<readonly string[]>]>().toExtend<CleengOptions["secrets"]>();
  expectTypeOf<undefined>().not.toExtend<CleengOptions["secrets"]>();
});
