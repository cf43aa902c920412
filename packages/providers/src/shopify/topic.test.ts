import type { BodyObject, Delivery } from "@hooklatch/core";
import { RejectedError } from "@hooklatch/core/errors";
import { expect, test } from "vitest";

import { shopifyTopics } from "./events.ts";
import { readTopic } from "./topic.ts";

const refused = "ERR_EVENT_TYPE_INVALID";

function topicOf(body: BodyObject, topic: string | undefined, shopDomain?: string): string {
  const headers: Readonly<Record<string, string | undefined>> = {
    "x-shopify-topic": topic,
    "x-shopify-shop-domain": shopDomain,
  };
  const delivery: Delivery = {
    method: "POST",
    url: "/",
    receivedAtMs: 0,
    body: new Uint8Array(),
    header: (name) => headers[name],
  };
  try {
    return readTopic(body, delivery);
  } catch (error) {
    return error instanceof RejectedError ? error.code : String(error);
  }
}

const gid = (kind: string): BodyObject => ({ id: 1, admin_graphql_api_id: `gid://shopify/${kind}/1` });
const shop: BodyObject = { id: 5, myshopify_domain: "lamps.myshopify.com" };
const person = { shop_id: 5, shop_domain: "lamps.myshopify.com", customer: { id: 1 } };
const dataRequest: BodyObject = { ...person, orders_requested: [], data_request: { id: 1 } };
const redaction: BodyObject = { ...person, orders_to_redact: [] };
const shopRedaction: BodyObject = { shop_id: 5, shop_domain: "lamps.myshopify.com" };

test("knows each topic once, and takes each with a body that says nothing of its kind", () => {
  expect(new Set(shopifyTopics).size).toBe(shopifyTopics.length);
  const bodies = new Map([
    ["customers/data_request", dataRequest],
    ["customers/redact", redaction],
    ["shop/redact", shopRedaction],
  ]);
  for (const topic of shopifyTopics) expect(topicOf(bodies.get(topic) ?? { id: 1 }, topic)).toBe(topic);
});

test.each([
  [gid("Order"), "orders/paid"],
  [gid("Customer"), "customers/update"],
  [gid("Product"), "products/create"],
  [gid("Metaobject"), "metaobjects/create"],
  [gid("OrderRisk"), "orders/risk_assessment_changed"],
  [gid("Order"), "fulfillment_orders/moved"],
  [shop, "shop/update"],
  [shop, "app/uninstalled"],
  [{ admin_graphql_api_id: 7 }, "orders/paid"],
])("takes %j as %s", (body, topic) => {
  expect(topicOf(body, topic)).toBe(topic);
});

test.each([
  [gid("Order"), "products/delete"],
  [gid("Product"), "orders/paid"],
  [gid("DraftOrder"), "orders/create"],
  [gid("Order"), "app/uninstalled"],
  [gid("Product"), "shop/update"],
  [shop, "orders/paid"],
  [dataRequest, "customers/redact"],
  [redaction, "customers/data_request"],
  [dataRequest, "shop/redact"],
  [shopRedaction, "customers/redact"],
  [redaction, "customers/update"],
  [shopRedaction, "app/uninstalled"],
  [gid("Customer"), "customers/redact"],
  [{ id: 1 }, "customers/redact"],
  [{ id: 1 }, "shop/redact"],
])("does not take %j as %s", (body, topic) => {
  expect(topicOf(body, topic)).toBe(refused);
});

test("holds the shop against the bodies that name one", () => {
  for (const [body, topic] of [
    [shop, "app/uninstalled"],
    [redaction, "customers/redact"],
    [shopRedaction, "shop/redact"],
  ] as const) {
    expect(topicOf(body, topic, "lamps.myshopify.com")).toBe(topic);
    expect(topicOf(body, topic, "Lamps.myshopify.com")).toBe(topic);
    expect(topicOf(body, topic)).toBe(topic);
    expect(topicOf(body, topic, "rugs.myshopify.com")).toBe(refused);
  }
  expect(topicOf(gid("Order"), "orders/paid", "any.myshopify.com")).toBe("orders/paid");
});

test.each([
  undefined,
  "",
  "orders",
  "Orders/Create",
  "orders/create ",
  "orders/create\n",
  "a/b/c",
  "/",
  "*",
  "orders/*",
])("refuses a header that is no topic: %j", (topic) => {
  expect(topicOf({ id: 1 }, topic)).toBe(refused);
});
