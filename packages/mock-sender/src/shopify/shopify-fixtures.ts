import type { ShopifyBody, ShopifyEvents, ShopifyEventType, ShopifyUnsigned } from "@hooklatch/providers/shopify";

import type { MockMoment } from "../mock-platform.ts";

/** The topics with a fixture of their own. */
export const shopifyFixtureTypes = [
  "orders/create",
  "orders/paid",
  "orders/cancelled",
  "products/update",
  "products/delete",
  "app/uninstalled",
  "customers/data_request",
  "customers/redact",
  "shop/redact",
] as const satisfies readonly ShopifyEventType[];

/** A delivery of Shopify: of the resource the fields that handlers read most, and the headers under `unsigned`. */
export function shopifyFixture<Type extends ShopifyEventType>(type: Type, moment: MockMoment): ShopifyEvents[Type] {
  const payload = { ...(bodies.get(type) ?? resource)(moment), unsigned: unsignedOf(type, moment) };
  // The topics whose bodies have a type of their own have a fixture of that type.
  return payload as ShopifyEvents[Type];
}

const shopDomain = "teratai-lamps.myshopify.com";
const shopId = 58_201_334;

const bodies: ReadonlyMap<string, (moment: MockMoment) => ShopifyBody> = new Map<
  string,
  (moment: MockMoment) => ShopifyBody
>([
  ["orders/create", (moment) => order(moment, { financial_status: "pending" })],
  ["orders/paid", (moment) => order(moment, { financial_status: "paid" })],
  [
    "orders/cancelled",
    (moment) => order(moment, { financial_status: "voided", cancelled_at: timeOf(moment), cancel_reason: "customer" }),
  ],
  ["products/update", product],
  ["products/delete", (moment) => ({ id: numberOf(moment) })],
  ["app/uninstalled", (moment) => ({ ...shop, updated_at: timeOf(moment) })],
  [
    "customers/data_request",
    (moment) => ({
      ...compliance(moment),
      orders_requested: [numberOf(moment) - 1, numberOf(moment) - 2],
      data_request: { id: numberOf(moment) },
    }),
  ],
  ["customers/redact", (moment) => ({ ...compliance(moment), orders_to_redact: [numberOf(moment) - 1] })],
  ["shop/redact", (moment) => ({ shop_id: shopId + moment.sequence, shop_domain: shopDomain })],
]);

/** Ids of Shopify are numbers; the moment's own keeps those of two senders apart. */
function numberOf({ atMs, sequence }: MockMoment): number {
  return 5_000_000_000_000 + (atMs % 1_000_000_000) * 100 + sequence;
}

function timeOf({ atMs }: MockMoment): string {
  return new Date(atMs).toISOString().replace(/\.\d+Z$/, "+00:00");
}

function unsignedOf(topic: string, moment: MockMoment): ShopifyUnsigned {
  return {
    topic,
    shopDomain,
    webhookId: moment.uuid("webhook"),
    eventId: moment.uuid("event"),
    triggeredAt: new Date(moment.atMs).toISOString().replace("Z", "123456Z"),
    apiVersion: "2026-10",
  };
}

function resource(moment: MockMoment): ShopifyBody {
  return { id: numberOf(moment), created_at: timeOf(moment), updated_at: timeOf(moment) };
}

function order(moment: MockMoment, state: Readonly<Record<string, unknown>>): ShopifyBody {
  const id = numberOf(moment);
  return {
    ...resource(moment),
    admin_graphql_api_id: `gid://shopify/Order/${id}`,
    name: `#${1000 + moment.sequence}`,
    order_number: 1000 + moment.sequence,
    email: "hana.lim@example.com",
    currency: "MYR",
    total_price: "249.00",
    subtotal_price: "239.00",
    total_tax: "0.00",
    cancelled_at: null,
    cancel_reason: null,
    fulfillment_status: null,
    note: "Ring twice & wait <please>",
    line_items: [{ id: id + 1, title: "Paper lamp, lotus", quantity: 1, price: "239.00", sku: "LAMP-LOTUS" }],
    ...state,
  };
}

function product(moment: MockMoment): ShopifyBody {
  const id = numberOf(moment);
  return {
    ...resource(moment),
    admin_graphql_api_id: `gid://shopify/Product/${id}`,
    title: "Paper lamp, lotus",
    handle: "paper-lamp-lotus",
    status: "active",
    vendor: "Kedai Teratai",
    variants: [{ id: id + 1, product_id: id, title: "Default Title", price: "239.00", inventory_quantity: 7 }],
  };
}

const shop = {
  id: shopId,
  name: "Teratai Lamps",
  email: "owner@teratai.example.com",
  domain: "lamps.example.com",
  myshopify_domain: shopDomain,
  country_code: "MY",
  currency: "MYR",
};

function compliance(moment: MockMoment): ShopifyBody {
  return {
    shop_id: shopId,
    shop_domain: shopDomain,
    customer: { id: numberOf(moment), email: "hana.lim@example.com", phone: null },
  };
}
