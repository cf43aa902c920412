import { createReceiver } from "@hooklatch/core";
import type { Provider } from "@hooklatch/core";
import { shopify } from "@hooklatch/providers/shopify";
import type { ShopifyEvents, ShopifyEventType, shopifyTopics, ShopifyUnsigned } from "@hooklatch/providers/shopify";
import { expectTypeOf, test } from "vitest";

test("the runtime list of topics is exactly the event map", () => {
  expectTypeOf<(typeof shopifyTopics)[number]>().toEqualTypeOf<ShopifyEventType>();
  expectTypeOf(shopify).returns.toEqualTypeOf<Provider<ShopifyEvents>>();
});

test("of a list of topics, handlers can be registered for those alone", () => {
  const receiver = createReceiver({ provider: shopify({ secrets: "s", topics: ["orders/paid", "shop/redact"] }) });
  receiver.on("orders/paid", ({ payload }) => expectTypeOf(payload).toEqualTypeOf<ShopifyEvents["orders/paid"]>());
  receiver.on("shop/redact", ({ payload }) => expectTypeOf(payload.shop_domain).toBeString());
  // @ts-expect-error its deliveries are refused
  receiver.on("orders/create", () => {});
  // @ts-expect-error a typing error in a topic
  shopify({ secrets: "s", topics: ["orders/payed"] });
  const configured: readonly ShopifyEventType[] = ["orders/paid"];
  expectTypeOf(shopify({ secrets: "s", topics: configured })).toExtend<Provider<ShopifyEvents>>();
});

test("every payload marks what is not signed", () => {
  expectTypeOf<ShopifyEvents[ShopifyEventType]["unsigned"]>().toEqualTypeOf<ShopifyUnsigned>();
  expectTypeOf<Pick<ShopifyUnsigned, "shopDomain">>().toEqualTypeOf<{ readonly shopDomain?: string }>();
});

test("of a body little is promised, but for those that every app must answer", () => {
  const receiver = createReceiver({ provider: shopify({ secrets: "s" }) });
  receiver.on("orders/create", ({ payload }) => {
    expectTypeOf(payload.admin_graphql_api_id).toEqualTypeOf<string | undefined>();
    expectTypeOf(payload["total_price"]).toBeUnknown();
  });
  receiver.on("customers/redact", ({ payload }) => {
    expectTypeOf(payload.orders_to_redact).toEqualTypeOf<readonly number[]>();
    expectTypeOf(payload.shop_domain).toBeString();
  });
  // @ts-expect-error a typing error in a topic
  receiver.on("orders/created", () => {});
});
