import { createReceiver } from "@hooklatch/core";
import type { Provider } from "@hooklatch/core";
import { paddle } from "@hooklatch/providers/paddle";
import type { paddleEventTypes, PaddleEvents, PaddleEventType, PaddleNotification } from "@hooklatch/providers/paddle";
import { expectTypeOf, test } from "vitest";

test("the runtime list of event types is exactly the event map", () => {
  expectTypeOf<(typeof paddleEventTypes)[number]>().toEqualTypeOf<keyof PaddleEvents>();
  expectTypeOf<(typeof paddleEventTypes)["length"]>().toEqualTypeOf<56>();
  expectTypeOf(paddle).returns.toEqualTypeOf<Provider<PaddleEvents>>();
});

test("every event is a notification of its type, and of its entity little is promised", () => {
  expectTypeOf<PaddleEvents[PaddleEventType]>().toExtend<PaddleNotification>();
  expectTypeOf<PaddleEvents["report.created"]["event_type"]>().toEqualTypeOf<"report.created">();
  const receiver = createReceiver({ provider: paddle({ secrets: "s" }) });
  receiver.on("transaction.*", ({ payload }) => {
    expectTypeOf(payload.data.id).toBeString();
    expectTypeOf(payload.data["currency_code"]).toBeUnknown();
  });
  // @ts-expect-error a typing error in an event's name
  receiver.on("transaction.complete", () => {});
});
