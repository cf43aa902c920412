import { createReceiver } from "@hooklatch/core";
import type { Provider } from "@hooklatch/core";
import { slack } from "@hooklatch/providers/slack";
import type { SlackCallback, SlackEvents, SlackEventType, SlackRateLimit } from "@hooklatch/providers/slack";
import type { AppMentionEvent, SlackEvent } from "@slack/types";
import { expectTypeOf, test } from "vitest";

test("slack() is a provider of these events", () => {
  expectTypeOf(slack).returns.toEqualTypeOf<Provider<SlackEvents>>();
});

test("the events are those of the package, each in its envelope", () => {
  expectTypeOf<SlackEventType>().toEqualTypeOf<SlackEvent["type"]>();
  expectTypeOf<SlackEvents["app_mention"]>().toEqualTypeOf<SlackCallback<AppMentionEvent>>();
});

test("a rate limit has no envelope", () => {
  expectTypeOf<SlackEvents["app_rate_limited"]>().toEqualTypeOf<SlackRateLimit>();
});

test("handlers get the inner event, narrowed", () => {
  const receiver = createReceiver({ provider: slack({ secrets: "s" }) });
  receiver.on("reaction_added", ({ payload }) => {
    expectTypeOf(payload.event.reaction).toBeString();
    expectTypeOf(payload.event_id).toBeString();
  });
  receiver.on("message", ({ payload }) => {
    if (payload.event.subtype === "channel_name") expectTypeOf(payload.event.old_name).toBeString();
  });
  // @ts-expect-error a typing error in an event's name
  receiver.on("reaction_add", () => {});
});
