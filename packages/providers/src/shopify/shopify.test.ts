import { createHash, createHmac } from "node:crypto";

import { createReceiver, systemClock, toIncomingDelivery } from "@hooklatch/core";
import type { WebhookEvent } from "@hooklatch/core";
import { ConfigError } from "@hooklatch/core/errors";
import { expect, test } from "vitest";

import { shopifyTopics } from "./events.ts";
import type { ShopifyEventType } from "./events.ts";
import { shopify } from "./shopify.ts";

const secret = "shpss_0a1b2c3d4e5f";
type Headers = Readonly<Record<string, string | undefined>>;

const sign = (body: string): string => createHmac("sha256", secret).update(body).digest("base64");

function receiverOf(topics?: readonly ShopifyEventType[], nowMs: () => number = Date.now) {
  const provider = shopify({ secrets: secret, ...(topics === undefined ? {} : { topics }) });
  const receiver = createReceiver({ provider, onOutcome: () => undefined, clock: { ...systemClock, nowMs } });
  const events: WebhookEvent[] = [];
  receiver.on("*", (event) => void events.push(event));
  const post = async (body: string, headers: Headers = {}): Promise<string> => {
    const { outcome, reply, error } = await receiver.receive(
      toIncomingDelivery({
        headers: {
          "content-type": "application/json",
          "x-shopify-topic": "orders/create",
          "x-shopify-shop-domain": "lamps.myshopify.com",
          "x-shopify-webhook-id": "w-1",
          "x-shopify-hmac-sha256": sign(body),
          ...headers,
        },
        body: Buffer.from(body),
      }),
    );
    return error === undefined ? outcome : `${reply.status} ${error.code}`;
  };
  return { events, post };
}

const order = { id: 5001, admin_graphql_api_id: "gid://shopify/Order/5001", note: "a & b" };
const text = JSON.stringify(order).replace("&", String.raw`\u0026`);

test("takes the topic for the type, and marks it and all else that is not signed", async () => {
  const { events, post } = receiverOf();
  expect(await post(text, { "x-shopify-event-id": "e-1", "x-shopify-api-version": "2026-10" })).toBe("handled");
  expect(events).toEqual([
    {
      id: `orders/create/${createHash("sha256").update(text).digest("hex")}`,
      type: "orders/create",
      payload: {
        ...order,
        unsigned: {
          topic: "orders/create",
          shopDomain: "lamps.myshopify.com",
          webhookId: "w-1",
          eventId: "e-1",
          apiVersion: "2026-10",
        },
      },
    },
  ]);
});

test("takes a captured delivery for a duplicate, whatever ids its headers claim", async () => {
  const { post } = receiverOf();
  expect(await post(text)).toBe("handled");
  for (const headers of [
    {},
    { "x-shopify-webhook-id": "w-2" },
    { "x-shopify-event-id": "e-2" },
    { "x-shopify-webhook-id": undefined, "x-shopify-triggered-at": "2026-11-21T00:00:00Z" },
    { "x-shopify-shop-domain": "rugs.myshopify.com" },
  ]) {
    expect(await post(text, headers)).toBe("duplicate");
  }
});

test("loses no topic of an order that is made and paid at once, though the bytes are the same", async () => {
  const { events, post } = receiverOf();
  expect(await post(text)).toBe("handled");
  expect(await post(text, { "x-shopify-topic": "orders/paid" })).toBe("handled");
  expect(events.map(({ type }) => type)).toEqual(["orders/create", "orders/paid"]);
});

test("refuses a captured order as another kind of resource", async () => {
  const { post } = receiverOf();
  expect(await post(text, { "x-shopify-topic": "products/delete" })).toBe("400 ERR_EVENT_TYPE_INVALID");
  expect(await post(text, { "x-shopify-topic": "app/uninstalled" })).toBe("400 ERR_EVENT_TYPE_INVALID");
});

test("answers a bad signature with 401, as the app review wants it", async () => {
  const { post } = receiverOf();
  expect(await post(text, { "x-shopify-hmac-sha256": sign(`${text} `) })).toBe("401 ERR_SIGNATURE_MISMATCH");
  const bytes = Buffer.from(sign(text), "base64");
  for (const spelling of [bytes.toString("base64url"), sign(text).replace("=", ""), bytes.toString("hex")]) {
    expect(await post(text, { "x-shopify-hmac-sha256": spelling })).toMatch(/^401 ERR_SIGNATURE_(MALFORMED|MISMATCH)$/);
  }
});

test("takes no XML", async () => {
  expect(await receiverOf().post("<order/>", { "content-type": "application/xml" })).toBe(
    "415 ERR_CONTENT_TYPE_UNSUPPORTED",
  );
});

test.each(["shpat_0a1b", "shpca_0a1b", "shpua_0a1b"])("refuses an access token as the secret: %s", (token) => {
  expect(() => shopify({ secrets: token })).toThrow("secrets is an access token");
});

const refused = "400 ERR_EVENT_TYPE_INVALID";

test("with one topic listed, runs a captured delivery once, whatever any header says now", async () => {
  const { events, post } = receiverOf(["orders/create"]);
  expect(await post(text)).toBe("handled");
  for (const topic of shopifyTopics) {
    expect(await post(text, { "x-shopify-topic": topic })).toBe(topic === "orders/create" ? "duplicate" : refused);
  }
  for (const topic of ["orders/newer", "ORDERS/CREATE", "orders/create/", "*", undefined]) {
    expect(await post(text, { "x-shopify-topic": topic })).toBe(refused);
  }
  expect(events).toHaveLength(1);
});

test("with one topic listed, takes no deletion for another's, though each holds an id alone", async () => {
  const { events, post } = receiverOf(["products/delete"]);
  const deletion = '{"id":1}';
  for (const topic of shopifyTopics) {
    if (topic === "products/delete") continue;
    expect(await post(deletion, { "x-shopify-topic": topic })).toBe(refused);
  }
  expect(events).toEqual([]);
  expect(await post(deletion, { "x-shopify-topic": "products/delete" })).toBe("handled");
});

test("with several listed, runs a captured delivery at most once for each of them that its body fits", async () => {
  const { events, post } = receiverOf(["orders/create", "orders/paid", "products/update"]);
  const outcomes = new Map<string, string>();
  for (const topic of shopifyTopics) outcomes.set(topic, await post(text, { "x-shopify-topic": topic }));
  for (const [topic, outcome] of outcomes) {
    expect(outcome).toBe(["orders/create", "orders/paid"].includes(topic) ? "handled" : refused);
  }
  expect(events.map(({ type }) => type)).toEqual(["orders/create", "orders/paid"]);
});

test("keeps the ids when topics are listed later, so that a redelivery is still known", async () => {
  const [open, listed] = [receiverOf(), receiverOf(["orders/create"])];
  await open.post(text);
  await listed.post(text);
  expect(listed.events[0]?.id).toBe(open.events[0]?.id);
});

test("cannot tell a listed topic from another of its kind that was captured elsewhere: Shopify signs none", async () => {
  // A body that came to another endpoint as orders/create, under the same client secret.
  const { events, post } = receiverOf(["orders/paid"]);
  expect(await post(text, { "x-shopify-topic": "orders/paid" })).toBe("handled");
  expect(await post(text, { "x-shopify-topic": "orders/paid" })).toBe("duplicate");
  expect(events).toHaveLength(1);
});

test("takes a topic that is listed and newer than the types", async () => {
  // @ts-expect-error whoever has not extended the event map
  const { post } = receiverOf(["lamps/lit"]);
  expect(await post('{"id":1}', { "x-shopify-topic": "lamps/lit" })).toBe("handled");
});

test.each([
  [[]],
  ["orders/create"],
  [["orders/*"]],
  [["*"]],
  [[undefined]],
  [["orders/create", "Orders/Paid"]],
  [null],
  [undefined],
])("refuses at start-up what lists no topics: %j", (topics) => {
  // @ts-expect-error the types forbid it; a configuration file does not
  const make = () => shopify({ secrets: secret, topics });
  expect(make).toThrow(ConfigError);
  expect(make).toThrow(expect.objectContaining({ code: "ERR_OPTION_INVALID" }));
});

test("is not changed by who changes the list afterwards", async () => {
  const topics: ShopifyEventType[] = ["orders/create"];
  const { post } = receiverOf(topics);
  topics.push("orders/paid");
  expect(await post(text, { "x-shopify-topic": "orders/paid" })).toBe(refused);
});

test.each([
  ["products/update", '{"id":1}', "handled"],
  ["products/update", '{"id":1,"updated_at":"2026-11-21T04:00:00Z"}', "duplicate"],
  ["products/delete", '{"id":1}', "duplicate"],
  ["shop/redact", '{"shop_id":1,"shop_domain":"lamps.myshopify.com"}', "duplicate"],
])("after Shopify's last attempt, the same bytes as %s with %s are %s", async (topic, body, expected) => {
  let nowMs = Date.UTC(2026, 10, 21);
  const { post } = receiverOf(undefined, () => nowMs);
  const again = (): Promise<string> => post(body, { "x-shopify-topic": topic });
  expect(await again()).toBe("handled");
  nowMs += 4.5 * 3_600_000;
  expect(await again()).toBe("duplicate");
  nowMs += 3_600_000;
  expect(await again()).toBe(expected);
});
