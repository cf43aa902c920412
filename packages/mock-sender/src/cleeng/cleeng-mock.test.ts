import { createReceiver } from "@hooklatch/core";
import { cleeng, cleengTopics } from "@hooklatch/providers/cleeng";
import { describe, expect, it } from "vitest";

import { createMockSender } from "../mock-sender.ts";
import { createMoments } from "../moments.ts";
import { createVirtualClock } from "../virtual-clock.ts";
import { cleengMock } from "./cleeng-mock.ts";

const startMs = Date.UTC(2027, 5, 30, 22, 30, 15, 250);
const moments = () => createMoments(createVirtualClock(startMs), "cleeng");

function setUp(platform = cleengMock()) {
  const sender = createMockSender(platform);
  const receiver = createReceiver({ provider: sender.provider, clock: sender.clock, onOutcome: () => {} });
  const seen: { readonly type: string; readonly payload: unknown }[] = [];
  receiver.on("*", ({ type, payload }) => void seen.push({ type, payload }));
  return { sender, receiver, seen };
}

describe.each(cleengTopics)("the topic %s", (topic) => {
  it("is accepted, with the fields of its fixture and the publisher", async () => {
    const { sender, receiver, seen } = setUp();
    expect(await sender.send(receiver, topic)).toMatchObject({ status: 200, outcome: "handled" });
    expect(seen).toEqual([{ type: topic, payload: expect.objectContaining({ broadcasterId: 301_000_417 }) }]);
  });

  it("has the same id in a redelivery, and another in another event", async () => {
    const { sender, receiver } = setUp();
    const [first, second] = await sender.duplicate(receiver, topic);
    expect([first.outcome, second.outcome]).toEqual(["handled", "duplicate"]);
    expect(second.eventId).toBe(first.eventId);
    expect((await sender.send(receiver, topic)).eventId).not.toBe(first.eventId);
  });

  it("has a fixture that depends on the moment alone and names nobody who exists", () => {
    const platform = cleengMock();
    const [one, other] = [moments(), moments()];
    const payload = platform.fixture(topic, one());
    expect(platform.fixture(topic, other())).toEqual(payload);
    expect(platform.fixture(topic, one())).not.toEqual(payload);
    for (const [, host] of JSON.stringify(payload).matchAll(/@([^"]+)/g)) expect(host).toBe("example.com");
  });

  it.each(["tampered", "truncated", "unsigned", "wrongKey", "oversized"] as const)("is refused %s", async (fault) => {
    const { sender, receiver, seen } = setUp();
    expect((await sender.send(receiver, topic, { fault })).outcome).toBe("rejected");
    expect(seen).toEqual([]);
  });
});

describe("cleengMock", () => {
  it("knows every topic of the provider", () => {
    expect(cleengMock().types).toEqual(cleengTopics);
  });

  it("is refused with any one byte of the body or character of the signature changed", async () => {
    const { sender, receiver, seen } = setUp();
    const request = await sender.build("passCreated");
    for (let index = 0; index < request.body.length; index++) {
      const body = new Uint8Array(request.body);
      body[index] = (body[index] ?? 0) ^ 1;
      expect((await sender.deliver(receiver, { ...request, body })).code).toBe("ERR_SIGNATURE_MISMATCH");
    }
    const signature = request.headers["x-mock-signature"] ?? "";
    for (let index = 0; index < signature.length; index++) {
      for (const changed of [signature.slice(0, index), replaceAt(signature, index)]) {
        const headers = { ...request.headers, "x-mock-signature": changed };
        expect((await sender.deliver(receiver, { ...request, headers })).status).toBe(401);
      }
    }
    expect(seen).toEqual([]);
    expect((await sender.deliver(receiver, request)).outcome).toBe("handled");
  });

  it("signs as it is told, in a header that its credentials name", async () => {
    const signature = { header: "X-Studio-Signature", encoding: "base64" } as const;
    const { sender, receiver } = setUp(cleengMock({ signature, secret: "a secret for the studio" }));
    const { headers } = await sender.build("offerCreated");
    expect(headers["x-studio-signature"]).toMatch(/^[A-Za-z0-9+/]{43}=$/);
    expect((await sender.send(receiver, "offerCreated")).outcome).toBe("handled");
    expect(sender.credentials).toEqual({ secret: "a secret for the studio", signature, broadcasterId: 301_000_417 });
  });

  it("has credentials that an app can be configured with, the pinned publisher included", async () => {
    const { sender } = setUp(cleengMock({ broadcasterId: 55 }));
    const { secret, signature, broadcasterId } = sender.credentials;
    const appOf = (pinned: number) => {
      const provider = cleeng({ secrets: ["an older secret", secret], signature, broadcasterId: pinned });
      return createReceiver({ provider, onOutcome: () => {} }).on("*", () => {});
    };
    expect((await sender.send(appOf(broadcasterId), "passTerminated")).outcome).toBe("handled");
    expect((await sender.send(appOf(56), "passTerminated")).code).toBe("ERR_SOURCE_NOT_ALLOWED");
  });

  it("puts the publisher into the envelope, and overrides into its data", async () => {
    const { sender } = setUp();
    const payload = { passId: "880001", customerExternalId: undefined, broadcasterId: 56 };
    const { body } = await sender.build("passTerminated", { payload });
    expect(JSON.parse(Buffer.from(body).toString())).toMatchObject({
      broadcasterId: 56,
      topic: "passTerminated",
      data: { passId: "880001", offerId: "P301000992_PT" },
    });
    expect(Buffer.from(body).toString()).not.toMatch(/customerExternalId|"data":\{[^}]*broadcasterId/);
  });

  it("sends transactions in the older form when it is told to", () => {
    const [current, older] = [cleengMock(), cleengMock({ transactions: "older" })].map((platform) =>
      platform.fixture("transactionCreated", moments()()),
    );
    expect(current).toMatchObject({ transactionPriceInclTax: "12.3000", transactionCountry: "PT" });
    expect(older).toMatchObject({ offerPrice: 12.3, discountRate: null, customerEmail: "noor@example.com" });
    expect(older).toHaveProperty("transactionId", current && "transactionId" in current ? current.transactionId : "");
  });

  it("writes times as Cleeng does", () => {
    const platform = cleengMock();
    expect(platform.fixture("offerCreated", moments()())).toMatchObject({ createdAt: "2027-07-01T00:30:15+02:00" });
    expect(platform.fixture("passCreated", moments()())).toMatchObject({ expirationDate: "2027-07-02T22:30:15Z" });
  });

  it("sends an id of a subscription as text in one topic and as a number in the other", () => {
    const platform = cleengMock();
    const text = platform.fixture("subscriptionReadyForPaymentAuthorisation", moments()()).subscriptionId;
    expect(Number(text)).toBe(platform.fixture("subscriptionReadyForPaymentCapture", moments()()).subscriptionId);
    expect(text).toBeTypeOf("string");
  });
});

function replaceAt(text: string, index: number): string {
  return text.slice(0, index) + (text[index] === "0" ? "1" : "0") + text.slice(index + 1);
}
