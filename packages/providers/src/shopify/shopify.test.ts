import { createHash, createHmac } from "node:crypto";

import { createReceiver, toIncomingDelivery } from "@hooklatch/core";
import type { WebhookEvent } from "@hooklatch/core";
import { expect, test } from "vitest";

import { shopify } from "./shopify.ts";

const secret = "shpss_0a1b2c3d4e5f";
type Headers = Readonly<Record<string, string | undefined>>;

const sign = (body: string): string => createHmac("sha256", secret).update(body).digest("base64");

function receiverOf() {
  const receiver = createReceiver({ provider: shopify({ secrets: secret }), onOutcome: () => undefined });
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
