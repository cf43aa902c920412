import { verify } from "node:crypto";

import { createReceiver } from "@hooklatch/core";
import type { ReceiverOptions, WebhookEvent } from "@hooklatch/core";
import { chip } from "@hooklatch/providers/chip";
import type { ChipEvents } from "@hooklatch/providers/chip";
import { beforeEach, describe, expect, it } from "vitest";

import { chipMock } from "./chip/index.ts";
import { createMockSender } from "./mock-sender.ts";
import type { MockSender } from "./mock-sender.ts";
import { createVirtualClock } from "./virtual-clock.ts";

const platform = chipMock();
let sender: MockSender<ChipEvents, { readonly publicKey: string }>;
let events: WebhookEvent[];

beforeEach(() => {
  sender = createMockSender(platform);
  events = [];
});

function receiver(options: Partial<ReceiverOptions<ChipEvents>> = {}) {
  const created = createReceiver({
    provider: sender.provider,
    clock: sender.clock,
    onOutcome: () => undefined,
    ...options,
  });
  return created.on("*", (event) => events.push(event));
}

describe("send", () => {
  it("delivers an event that the receiver handles, and tells its id", async () => {
    const result = await sender.send(receiver(), "purchase.paid");
    expect(result).toMatchObject({ status: 200, outcome: "handled", code: undefined, reply: { status: 200 } });
    expect(events).toMatchObject([{ id: result.eventId, type: "purchase.paid" }]);
  });

  it.each(platform.types)("delivers %s", async (type) => {
    expect(await sender.send(receiver(), type)).toMatchObject({ outcome: "handled", eventId: expect.any(String) });
    expect(events).toMatchObject([{ type, payload: { event_type: type } }]);
  });

  it("makes a new event each time, also of an object whose id was overridden", async () => {
    const payments = receiver();
    const ids = new Set<string | undefined>();
    for (let count = 0; count < 3; count++) {
      const result = await sender.send(payments, "purchase.paid", { payload: { id: "one-purchase" } });
      expect(result.outcome).toBe("handled");
      ids.add(result.eventId);
    }
    expect(ids.size).toBe(3);
  });

  it("merges overrides into the fixture and leaves the rest realistic", async () => {
    await sender.send(receiver(), "purchase.paid", {
      payload: { reference: "order-7", purchase: { total: 500 }, client: { email: "someone@example.com" } },
    });
    expect(events).toMatchObject([
      {
        payload: {
          reference: "order-7",
          purchase: { total: 500, currency: "MYR" },
          client: { email: "someone@example.com", country: "MY" },
        },
      },
    ]);
  });

  it("sends a success callback, which has no event_type", async () => {
    const result = await sender.send(receiver(), "purchase.paid", { payload: { event_type: undefined } });
    expect(result.outcome).toBe("handled");
    expect(events[0]?.type).toBe("purchase.paid");
    expect(events[0]?.payload).not.toHaveProperty("event_type");
  });

  it("sends an event of a type that the platform may add one day", async () => {
    await sender.send(receiver(), "purchase.paid", { payload: { event_type: "purchase.gift_wrapped" } });
    expect(events[0]?.type).toBe("purchase.gift_wrapped");
  });

  it("sends headers that are overridden, and leaves out those that are removed", async () => {
    expect(await sender.send(receiver(), "purchase.paid", { headers: { "Content-Type": "text/plain" } })).toMatchObject(
      {
        status: 415,
        code: "ERR_CONTENT_TYPE_UNSUPPORTED",
      },
    );
    expect(await sender.send(receiver(), "purchase.paid", { headers: { "X-Signature": undefined } })).toMatchObject({
      status: 401,
      code: "ERR_SIGNATURE_MISSING",
    });
  });

  it("sends to the platform's usual path, or to another with its query", async () => {
    const urls: string[] = [];
    const target = {
      fetch(request: Request) {
        urls.push(request.url);
        return new Response();
      },
    };
    await sender.send(target, "purchase.paid");
    await sender.send(target, "purchase.paid", { path: "/hooks?tenant=7" });
    expect(urls).toEqual(["http://localhost/webhooks/chip", "http://localhost/hooks?tenant=7"]);
  });

  it("has no outcome for a reply that is not one of ours", async () => {
    const target = (_request: Request) => new Response("Not found", { status: 404 });
    expect(await sender.send(target, "purchase.paid")).toMatchObject({
      status: 404,
      outcome: undefined,
      code: undefined,
    });
  });

  it("has no event id when an override made the event unreadable", async () => {
    const result = await sender.send(receiver(), "purchase.paid", { payload: { id: "" } });
    expect(result).toMatchObject({ outcome: "rejected", code: "ERR_EVENT_ID_INVALID", eventId: undefined });
  });

  it("reaches an app that is configured with the credentials", async () => {
    const fromEnvironment = receiver({ provider: chip({ publicKey: sender.credentials.publicKey }) });
    expect((await sender.send(fromEnvironment, "purchase.paid")).outcome).toBe("handled");
  });

  it("is refused by an app that is configured with the credentials of another mock", async () => {
    const other = receiver({ provider: chipMock().provider });
    expect((await sender.send(other, "purchase.paid")).code).toBe("ERR_SIGNATURE_MISMATCH");
  });
});

describe("duplicate", () => {
  it("sends the same event twice: handled once", async () => {
    const [first, second] = await sender.duplicate(receiver(), "purchase.paid");
    expect([first.outcome, second.outcome]).toEqual(["handled", "duplicate"]);
    expect(first.eventId).toBe(second.eventId);
    expect(events).toHaveLength(1);
  });

  it("waits for the first answer, so a failed one runs again", async () => {
    const payments = createReceiver({ provider: sender.provider, onOutcome: () => undefined });
    let runs = 0;
    payments.on("purchase.paid", () => {
      if (++runs === 1) throw new Error("the database is away");
    });
    const [first, second] = await sender.duplicate(payments, "purchase.paid");
    expect([first.outcome, second.outcome]).toEqual(["failed", "handled"]);
  });
});

describe("concurrent", () => {
  it("sends ten copies at once, or as many as asked for: one is handled", async () => {
    const results = await sender.concurrent(receiver(), "purchase.paid");
    expect(results).toHaveLength(10);
    expect(results.filter(({ outcome }) => outcome === "handled")).toHaveLength(1);
    expect(await sender.concurrent(receiver(), "purchase.paid", { copies: 3 })).toHaveLength(3);
  });

  it("sends the copies while the first is still handled", async () => {
    const payments = createReceiver({ provider: sender.provider, onOutcome: () => undefined });
    payments.on("purchase.paid", async () => new Promise(setImmediate));
    const outcomes = (await sender.concurrent(payments, "purchase.paid", { copies: 3 })).map(({ outcome }) => outcome);
    expect(outcomes).toEqual(["handled", "busy", "busy"]);
  });

  it.each([0, 1.5, -1])("refuses to send %d copies", async (copies) => {
    await expect(sender.concurrent(receiver(), "purchase.paid", { copies })).rejects.toMatchObject({
      code: "ERR_OPTION_INVALID",
    });
  });
});

describe("sendUntilAccepted", () => {
  const minuteMs = 60_000;

  it("sends the same event at CHIP's times until it is handled", async () => {
    sender = createMockSender(platform, { clock: createVirtualClock(0) });
    const payments = createReceiver({ provider: sender.provider, clock: sender.clock, onOutcome: () => undefined });
    const seen: string[] = [];
    payments.on("purchase.paid", (event, { attempt }) => {
      seen.push(event.id);
      if (attempt < 3) throw new Error("the database is away");
    });
    const { accepted, attempts, eventId } = await sender.sendUntilAccepted(payments, "purchase.paid");
    expect(accepted).toBe(true);
    expect(attempts.map(({ atMs, outcome }) => [atMs / minuteMs, outcome])).toEqual([
      [0, "failed"],
      [2, "failed"],
      [8, "handled"],
    ]);
    expect(seen).toEqual([eventId, eventId, eventId]);
  });

  it("gives up after eight attempts", async () => {
    sender = createMockSender(platform, { clock: createVirtualClock(0) });
    const { accepted, attempts } = await sender.sendUntilAccepted(receiver(), "purchase.paid", { fault: "tampered" });
    expect(accepted).toBe(false);
    expect(attempts).toHaveLength(8);
    expect(attempts.at(-1)).toMatchObject({ attempt: 8, atMs: 2186 * minuteMs, status: 401, outcome: "rejected" });
  });

  it("makes one attempt for an event that is accepted at once", async () => {
    const { attempts } = await sender.sendUntilAccepted(receiver(), "purchase.paid");
    expect(attempts).toMatchObject([{ attempt: 1, status: 200, outcome: "handled" }]);
  });
});

describe("the clock", () => {
  it("lets a receiver's time pass at once", async () => {
    const payments = createReceiver({ provider: sender.provider, clock: sender.clock, onOutcome: () => undefined });
    payments.on("purchase.paid", async () => new Promise(() => undefined));
    const sending = sender.send(payments, "purchase.paid");
    await sender.clock.advance(30_000);
    expect((await sending).code).toBe("ERR_HANDLER_TIMEOUT");
  });
});

describe("build and deliver", () => {
  it("builds a request that is signed over its exact bytes", async () => {
    const { method, url, headers, body } = await sender.build("purchase.paid");
    expect({ method, url, type: headers["content-type"] }).toEqual({
      method: "POST",
      url: "http://localhost/webhooks/chip",
      type: "application/json",
    });
    const signature = Buffer.from(headers["x-signature"] ?? "", "base64");
    expect(verify("sha256", body, sender.credentials.publicKey, signature)).toBe(true);
  });

  it("delivers one request to two endpoints, both of which handle it", async () => {
    const request = await sender.build("purchase.paid");
    const results = [
      await sender.deliver(receiver({ endpoint: "shop" }), request),
      await sender.deliver(receiver({ endpoint: "ledger" }), request),
    ];
    expect(results.map(({ outcome }) => outcome)).toEqual(["handled", "handled"]);
    expect(results.map(({ eventId }) => eventId)).toEqual([request.eventId, request.eventId]);
  });

  it("builds the same bytes again with the same keys, seed and time", async () => {
    const build = async (seed: string) =>
      createMockSender(platform, { clock: createVirtualClock(0), seed }).build("purchase.paid");
    expect(await build("one")).toEqual(await build("one"));
    expect((await build("one")).eventId).not.toBe((await build("two")).eventId);
  });
});
