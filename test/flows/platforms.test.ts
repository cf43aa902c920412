import { createReceiver } from "@hooklatch/core";
import type { Provider } from "@hooklatch/core";
import { toExpress } from "@hooklatch/express";
import { createMockSender } from "@hooklatch/mock-sender";
import type { MockPlatform } from "@hooklatch/mock-sender";
import { githubMock } from "@hooklatch/mock-sender/github";
import { paddleMock } from "@hooklatch/mock-sender/paddle";
import { shopifyMock } from "@hooklatch/mock-sender/shopify";
import { slackMock } from "@hooklatch/mock-sender/slack";
import { stripeMock } from "@hooklatch/mock-sender/stripe";
import { github } from "@hooklatch/providers/github";
import { paddle } from "@hooklatch/providers/paddle";
import { shopify } from "@hooklatch/providers/shopify";
import { slack } from "@hooklatch/providers/slack";
import { stripe } from "@hooklatch/providers/stripe";
import express from "express";
import { describe, expect, onTestFinished, test } from "vitest";

import { listen } from "../support/hosts.ts";
import { post } from "../support/post.ts";

type Secret = { readonly secret: string };

/** A sender, and an Express app on loopback that is configured as from environment variables. */
async function serve<Events>(
  platform: MockPlatform<Events, Secret>,
  provider: (options: { readonly secrets: string }) => Provider<Events>,
) {
  const sender = createMockSender(platform);
  const receiver = createReceiver({
    provider: provider({ secrets: sender.credentials.secret }),
    clock: sender.clock,
    onOutcome: () => undefined,
  });
  const app = express().post(`/webhooks/${platform.name}`, toExpress(receiver));
  const running = await listen((request, response) => void app(request, response));
  onTestFinished(() => running.close());
  return { sender, receiver, url: `http://127.0.0.1:${running.port}/webhooks/${platform.name}` };
}

describe("Stripe", () => {
  test("a payment, its redelivery with a new time, and a thin event", async () => {
    const { sender, receiver, url } = await serve(stripeMock(), stripe);
    const seen: unknown[] = [];
    receiver.on("payment_intent.succeeded", ({ payload }) => {
      seen.push([payload.livemode, payload.data.object.amount_received, payload.data.object.currency]);
    });
    receiver.on("v1.billing.meter.no_meter_found", ({ payload }) => void seen.push(payload.object));
    const [first, again] = await sender.duplicate(url, "payment_intent.succeeded");
    expect([first.status, first.outcome, again.status, again.outcome]).toEqual([200, "handled", 200, "duplicate"]);
    await sender.send(url, "v1.billing.meter.no_meter_found");
    expect(seen).toEqual([[false, 12_900, "myr"], "v2.core.event"]);
  });

  test("a handler that fails twice: Stripe tries again, each time with a signature of its own", async () => {
    const { sender, receiver, url } = await serve(stripeMock(), stripe);
    let runs = 0;
    receiver.on("invoice.*", () => {
      runs++;
      if (runs < 3) throw new Error("not yet");
    });
    const { accepted, attempts } = await sender.sendUntilAccepted(url, "invoice.paid");
    expect([accepted, attempts.map(({ status }) => status), runs]).toEqual([true, [500, 500, 200], 3]);
  });

  test("a delivery that was captured is too old after five minutes", async () => {
    const { sender, receiver, url } = await serve(stripeMock(), stripe);
    receiver.on("*", () => {});
    const captured = await sender.build("charge.refunded");
    expect((await sender.deliver(url, captured)).outcome).toBe("handled");
    await sender.clock.advance(301_000);
    expect((await sender.deliver(url, captured)).code).toBe("ERR_TIMESTAMP_STALE");
  });
});

describe.each(["json", "form"] as const)("GitHub as %s", (contentType) => {
  test("an issue, and the captured delivery with other headers", async () => {
    const { sender, receiver, url } = await serve(githubMock({ contentType }), github);
    const seen: unknown[] = [];
    receiver.on("issues.opened", ({ payload }) => void seen.push([payload.issue.title, payload.unsigned.deliveryId]));
    receiver.on("issue_comment.*", () => void seen.push("a comment"));
    const captured = await sender.build("issues.opened", { payload: { unsigned: { deliveryId: "d-1" } } });
    expect((await sender.deliver(url, captured)).outcome).toBe("handled");
    const sendWith = (headers: Readonly<Record<string, string>>) =>
      sender.deliver(url, { ...captured, headers: { ...captured.headers, ...headers } });
    expect((await sendWith({ "x-github-delivery": "d-2" })).outcome).toBe("duplicate");
    expect((await sendWith({ "x-github-event": "issue_comment" })).code).toBe("ERR_EVENT_TYPE_INVALID");
    expect(seen).toEqual([["The lamp flickers", "d-1"]]);
  });

  test("an event that was ignored cannot be sent again as another one that is handled", async () => {
    const { sender, receiver, url } = await serve(githubMock({ contentType }), github);
    const seen: string[] = [];
    receiver.on("installation.*", ({ type }) => void seen.push(type));
    const ignored = await sender.build("issues.opened", { payload: { installation: { id: 1 } } });
    expect((await sender.deliver(url, ignored)).outcome).toBe("ignored");
    const forged = { ...ignored, headers: { ...ignored.headers, "x-github-event": "installation" } };
    expect((await sender.deliver(url, forged)).status).toBe(400);
    expect(seen).toEqual([]);
  });
});

describe("Shopify", () => {
  test("an order that is made and paid, and a customer's request that is sent again as an erasure", async () => {
    const { sender, receiver, url } = await serve(shopifyMock(), shopify);
    const seen: unknown[] = [];
    receiver.on("orders/create", ({ payload }) => void seen.push([payload["note"], payload.unsigned.shopDomain]));
    receiver.on("orders/paid", ({ payload }) => void seen.push(payload["financial_status"]));
    receiver.on("customers/redact", ({ payload }) => void seen.push(payload.customer.id));
    await sender.send(url, "orders/create");
    await sender.send(url, "orders/paid");
    const request = await sender.build("customers/data_request");
    expect((await sender.deliver(url, request)).outcome).toBe("ignored");
    const forged = { ...request, headers: { ...request.headers, "x-shopify-topic": "customers/redact" } };
    expect((await sender.deliver(url, forged)).status).toBe(400);
    expect(seen).toEqual([["Ring twice & wait <please>", "teratai-lamps.myshopify.com"], "paid"]);
  });

  test("a signature that is wrong is answered 401", async () => {
    const { sender, url } = await serve(shopifyMock(), shopify);
    for (const fault of ["tampered", "wrongKey", "unsigned"] as const) {
      expect((await sender.send(url, "customers/redact", { fault })).status).toBe(401);
    }
  });
});

describe("Paddle", () => {
  test("a transaction and a replay of it to another destination", async () => {
    const { sender, receiver, url } = await serve(paddleMock(), paddle);
    const seen: unknown[] = [];
    receiver.on("transaction.*", ({ type, payload }) => void seen.push([type, payload.data.custom_data?.["order"]]));
    const first = await sender.build("transaction.completed", { payload: { event_id: "evt_01same" } });
    const replay = await sender.build("transaction.completed", { payload: { event_id: "evt_01same" } });
    expect((await sender.deliver(url, first)).outcome).toBe("handled");
    expect((await sender.deliver(url, replay)).outcome).toBe("duplicate");
    expect(seen).toEqual([["transaction.completed", "order-101"]]);
  });
});

describe("Slack", () => {
  test("a mention, a rate limit, and the challenge", async () => {
    const { sender, receiver, url } = await serve(slackMock(), slack);
    const seen: unknown[] = [];
    receiver.on("app_mention", ({ payload }) => void seen.push(payload.event.text));
    receiver.on("app_rate_limited", ({ payload }) => void seen.push(payload.minute_rate_limited));
    await sender.send(url, "app_mention");
    await sender.send(url, "app_rate_limited", { payload: { minute_rate_limited: 1_790_000_040 } });
    expect(seen).toEqual(["<@U04BOT0001> is the shop/café open? ☕", 1_790_000_040]);

    // The envelope of any event, made into what Slack sends when the address is entered.
    const challenge = { type: "url_verification", challenge: "lampLAMP1234" };
    // @ts-expect-error the challenge is no event, so the event map does not know it
    const { headers, body } = await sender.build("app_mention", { payload: challenge });
    const answer = await post(url, { headers, body });
    expect([answer.status, answer.text]).toEqual([200, "lampLAMP1234"]);
    expect(answer.headers).toMatchObject({
      "content-type": "text/plain; charset=utf-8",
      "x-content-type-options": "nosniff",
    });
    const forged = await post(url, { headers: { ...headers, "x-slack-signature": `v0=${"0".repeat(64)}` }, body });
    expect([forged.status, forged.text]).toEqual([401, '{"error":"ERR_SIGNATURE_MISMATCH"}']);
    expect(seen).toHaveLength(2);
  });
});
