import { createReceiver } from "@hooklatch/core";
import type { EventTypeOf, Provider } from "@hooklatch/core";
import { awsSns } from "@hooklatch/providers/aws-sns";
import type {
  AwsSnsConfirmation,
  awsSnsEventTypes,
  AwsSnsEvents,
  AwsSnsEventType,
  AwsSnsNotification,
  AwsSnsOptions,
  Fetch,
} from "@hooklatch/providers/aws-sns";
import { expectTypeOf, test } from "vitest";

test("the runtime list of event types is exactly the event map", () => {
  expectTypeOf<(typeof awsSnsEventTypes)[number]>().toEqualTypeOf<keyof AwsSnsEvents>();
  expectTypeOf<(typeof awsSnsEventTypes)["length"]>().toEqualTypeOf<3>();
  expectTypeOf<AwsSnsEventType>().toEqualTypeOf<EventTypeOf<AwsSnsEvents>>();
});

test("awsSns() is a provider of these events", () => {
  expectTypeOf(awsSns).returns.toEqualTypeOf<Provider<AwsSnsEvents>>();
});

test("handlers get what is signed, and what is not under its own name", () => {
  const receiver = createReceiver({ provider: awsSns({ topics: [""] }) });
  receiver.on("Notification", ({ payload }) => {
    expectTypeOf(payload).toEqualTypeOf<AwsSnsNotification>();
    expectTypeOf(payload.Message).toBeString();
    expectTypeOf(payload.unsigned.MessageAttributes["kind"]?.Value).toEqualTypeOf<string | undefined>();
    // @ts-expect-error attributes are not signed
    void payload.MessageAttributes;
    // @ts-expect-error nor is the address that ends the subscription
    void payload.UnsubscribeURL;
    // @ts-expect-error payloads are read-only
    payload.Message = "";
  });
  receiver.on("SubscriptionConfirmation", ({ payload }) => {
    expectTypeOf(payload).toEqualTypeOf<AwsSnsConfirmation<"SubscriptionConfirmation">>();
    // @ts-expect-error a subject would not be signed here
    void payload.Subject;
  });
  // @ts-expect-error a typing error in an event's name
  receiver.on("notification", () => {});
});

test("topics must be named, in a list", () => {
  expectTypeOf<{ readonly topics: readonly string[] }>().toExtend<AwsSnsOptions>();
  expectTypeOf<{ readonly topics: string }>().not.toExtend<AwsSnsOptions>();
  expectTypeOf<{}>().not.toExtend<AwsSnsOptions>();
  expectTypeOf<{ readonly topics: string[]; readonly signatureVersions: ["3"] }>().not.toExtend<AwsSnsOptions>();
});

test("the platform's own fetch can be handed over", () => {
  expectTypeOf<typeof fetch>().toExtend<Fetch>();
});
