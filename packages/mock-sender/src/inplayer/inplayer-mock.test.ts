import { createHmac } from "node:crypto";

import { createReceiver } from "@hooklatch/core";
import { inplayer, inplayerEventTypes } from "@hooklatch/providers/inplayer";
import { describe, expect, it } from "vitest";

import type { MockEvent } from "../mock-platform.ts";
import { createMockSender } from "../mock-sender.ts";
import { createMoments } from "../moments.ts";
import { createVirtualClock } from "../virtual-clock.ts";
import { inplayerMock } from "./inplayer-mock.ts";

const platform = inplayerMock();
const event: MockEvent = {
  type: "customer.updated",
  payload: { id: "1" },
  moment: createMoments(createVirtualClock(0), "inplayer")(),
};
const request = { method: "POST", url: "http://localhost/", headers: { a: "b" }, body: new Uint8Array([1, 2, 3]) };

function setUp() {
  const sender = createMockSender(platform);
  const receiver = createReceiver({
    provider: inplayer({ secrets: sender.credentials.secret }),
    onOutcome: () => undefined,
  });
  return { sender, receiver };
}

describe("inplayerMock", () => {
  it("knows every event type of the provider", () => {
    expect(platform.types).toEqual(inplayerEventTypes);
    expect(platform.types).toHaveLength(27);
  });

  it("signs as InPlayer does, and names itself as InPlayer does", async () => {
    const { headers } = await platform.sign(request, { event, key: "own", nowMs: 0 });
    const digest = createHmac("sha256", platform.credentials.secret).update(request.body).digest("hex");
    expect(headers).toEqual({ a: "b", "user-agent": "InPlayer/WHS-2.0", "x-inplayer-signature": `sha256=${digest}` });
  });

  it("signs with a foreign secret that is not its own", async () => {
    const [own, foreign] = await Promise.all([
      platform.sign(request, { event, key: "own", nowMs: 0 }),
      platform.sign(request, { event, key: "foreign", nowMs: 0 }),
    ]);
    expect(foreign.headers["x-inplayer-signature"]).toMatch(/^sha256=[0-9a-f]{64}$/);
    expect(foreign.headers["x-inplayer-signature"]).not.toBe(own.headers["x-inplayer-signature"]);
  });

  it("keeps the request it signs as it was", async () => {
    const before = structuredClone(request);
    await platform.sign(request, { event, key: "own", nowMs: 0 });
    expect(request).toEqual(before);
  });

  it("has a secret of its own, or the one it is given", () => {
    expect(inplayerMock().credentials.secret).not.toBe(platform.credentials.secret);
    expect(inplayerMock({ secret: "fixed" }).credentials).toEqual({ secret: "fixed" });
    expect(() => inplayerMock({ secret: " " })).toThrow(expect.objectContaining({ code: "ERR_SECRET_MISSING" }));
  });

  it("tries seven times within a day, or when it is told to", () => {
    expect(platform.attemptsDueMs.map((dueMs) => dueMs / 60_000)).toEqual([0, 1, 5, 30, 120, 480, 1440]);
    expect(platform.attemptsDueMs.at(-1)).toBeLessThan(platform.provider.retryHorizonMs);
    expect(inplayerMock({ attemptsDueMs: [0, 5] }).attemptsDueMs).toEqual([0, 5]);
  });

  it.each([[[]], [[1]], [[0, 0]], [[0, 5, 4]], [[0, Number.NaN]]])("refuses the schedule %j", (attemptsDueMs) => {
    expect(() => inplayerMock({ attemptsDueMs })).toThrow(expect.objectContaining({ code: "ERR_OPTION_INVALID" }));
  });
});

describe("a sender of InPlayer's events", () => {
  it("sends overridden values as texts, which arrive as values", async () => {
    const { sender, receiver } = setUp();
    const seen: unknown[] = [];
    receiver.on("payment.card.success", ({ payload: { resource, form } }) => {
      seen.push([resource.amount, resource.email, form["resource"]]);
    });
    const payload = { resource: { amount: 5, email: "rui+1@example.com" } };
    expect(await sender.send(receiver, "payment.card.success", { payload })).toMatchObject({ outcome: "handled" });
    const texts = expect.objectContaining({ amount: "5.00", email: "rui+1@example.com" });
    expect(seen).toEqual([[5, "rui+1@example.com", texts]]);
  });

  it("sends texts that do not fit, which arrive as misfits", async () => {
    const { sender, receiver } = setUp();
    const seen: unknown[] = [];
    receiver.on("payment.card.success", ({ payload }) => {
      seen.push([payload.resource.amount, payload.misfits]);
    });
    const payload = { form: { resource: { amount: "five" } } };
    expect(await sender.send(receiver, "payment.card.success", { payload })).toMatchObject({ outcome: "handled" });
    expect(seen).toEqual([[undefined, ["resource.amount"]]]);
  });

  it("knows the id that a receiver will see", async () => {
    const { sender, receiver } = setUp();
    const seen: string[] = [];
    receiver.on("*", ({ id }) => void seen.push(id));
    const { eventId } = await sender.send(receiver, "subscribe.expired");
    await sender.send(receiver, "subscribe.expired", { payload: { id: "WHE-mine" } });
    expect(seen).toEqual([eventId, "WHE-mine"]);
  });

  it.each([
    ["tampered", "ERR_SIGNATURE_MISMATCH"],
    ["truncated", "ERR_SIGNATURE_MISMATCH"],
    ["wrongKey", "ERR_SIGNATURE_MISMATCH"],
    ["unsigned", "ERR_SIGNATURE_MISSING"],
    ["oversized", "ERR_BODY_TOO_LARGE"],
  ] as const)("is refused when the delivery is %s", async (fault, code) => {
    const { sender, receiver } = setUp();
    expect(await sender.send(receiver, "subscribe.updated", { fault })).toMatchObject({ outcome: "rejected", code });
  });

  it("has an event handled in the end that failed at first", async () => {
    const { sender, receiver } = setUp();
    receiver.on("subscribe.updated", (_event, { attempt }) => {
      if (attempt < 3) throw new Error("the database is away");
    });
    const { accepted, attempts } = await sender.sendUntilAccepted(receiver, "subscribe.updated");
    expect(accepted).toBe(true);
    expect(attempts.map(({ outcome }) => outcome)).toEqual(["failed", "failed", "handled"]);
  });
});
