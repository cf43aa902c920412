import { createReceiver } from "@hooklatch/core";
import type { EventTypeOf, Provider, Receiver } from "@hooklatch/core";
import { connectNotifications } from "@hooklatch/inplayer-notifications";
import type { ConnectNotificationsOptions, NotificationReceiver } from "@hooklatch/inplayer-notifications";
import type { MockNotifications } from "@hooklatch/mock-sender/inplayer-notifications";
import { inplayerNotifications } from "@hooklatch/providers/inplayer-notifications";
import type {
  AccountChange,
  InPlayerNotificationEvents,
  inplayerNotificationTypes,
  InPlayerNotificationType,
  Payment,
} from "@hooklatch/providers/inplayer-notifications";
import { expectTypeOf, test } from "vitest";

test("the runtime list of types is exactly the event map", () => {
  expectTypeOf<(typeof inplayerNotificationTypes)[number]>().toEqualTypeOf<keyof InPlayerNotificationEvents>();
  expectTypeOf<(typeof inplayerNotificationTypes)["length"]>().toEqualTypeOf<15>();
  expectTypeOf<InPlayerNotificationType>().toEqualTypeOf<EventTypeOf<InPlayerNotificationEvents>>();
});

test("inplayerNotifications() is a provider of these events, and needs no option", () => {
  expectTypeOf(inplayerNotifications).returns.toEqualTypeOf<Provider<InPlayerNotificationEvents>>();
  expectTypeOf(inplayerNotifications).toBeCallableWith();
});

test("handlers get the payload of their event", () => {
  const receiver = createReceiver({ provider: inplayerNotifications() });
  receiver.on("payment.card.success", ({ type, payload }) => {
    expectTypeOf(type).toEqualTypeOf<"payment.card.success">();
    expectTypeOf(payload.resource).toEqualTypeOf<Payment>();
    expectTypeOf(payload.resource.amount).toEqualTypeOf<string>();
    expectTypeOf(payload.accountUuid).toEqualTypeOf<string | undefined>();
    expectTypeOf(payload.timestamp).toEqualTypeOf<number | undefined>();
  });
  receiver.on("account.*", ({ type, payload }) => {
    expectTypeOf(type).toEqualTypeOf<"account.logout" | "account.erased" | "account.deactivated">();
    expectTypeOf(payload.resource).toEqualTypeOf<AccountChange>();
  });
  receiver.on("access.granted", ({ payload }) => {
    expectTypeOf(payload.resource.starts_at).toEqualTypeOf<number | undefined>();
    expectTypeOf(payload.resource.item.metadata).toEqualTypeOf<Readonly<Record<string, unknown>> | undefined>();
  });
  receiver.on("subscribe.requires.action", ({ payload }) => {
    expectTypeOf(payload.resource.redirect_to_url).toBeString();
  });
  // @ts-expect-error notifications have no prefix before `access`, as webhooks have
  receiver.on("asset.access.granted", () => {});
});

test("a receiver fits the connection, with a transaction or without", () => {
  expectTypeOf<Receiver<InPlayerNotificationEvents>>().toExtend<NotificationReceiver>();
  expectTypeOf<Receiver<InPlayerNotificationEvents, { query: () => void }>>().toExtend<NotificationReceiver>();
  expectTypeOf(connectNotifications).parameter(0).toEqualTypeOf<ConnectNotificationsOptions>();
});

test("the mock's credentials are options of the connection, and its overrides are typed", () => {
  expectTypeOf<MockNotifications["credentials"]>().toExtend<Omit<ConnectNotificationsOptions, "receiver">>();
  const publish = (mock: MockNotifications): unknown => [
    mock.publish("payment.card.success", { resource: { amount: "5.00" } }),
    // @ts-expect-error amounts are text
    mock.publish("payment.card.success", { resource: { amount: 5 } }),
  ];
  expectTypeOf(publish).returns.toBeUnknown();
});
