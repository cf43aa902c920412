import { createReceiver } from "@hooklatch/core";
import { chipSend, chipSendEventTypes } from "@hooklatch/providers/chip-send";
import { describe, expect, it } from "vitest";

import { createMockSender } from "../mock-sender.ts";
import { createMoments } from "../moments.ts";
import { createRsaKey, publicPemOf } from "../rsa-key.ts";
import { createVirtualClock } from "../virtual-clock.ts";
import { chipSendMock } from "./chip-send-mock.ts";

const minuteMs = 60_000;
const platform = chipSendMock();
const moments = () => createMoments(createVirtualClock(Date.UTC(2027, 0, 1, 17, 30)), "chip-send");

function setUp() {
  const sender = createMockSender(platform);
  const receiver = createReceiver({ provider: sender.provider, clock: sender.clock, onOutcome: () => {} });
  const seen: string[] = [];
  receiver.on("*", ({ type }) => void seen.push(type));
  return { sender, receiver, seen };
}

describe.each(chipSendEventTypes)("%s", (type) => {
  it("is accepted, with or without the unsigned header", async () => {
    const { sender, receiver, seen } = setUp();
    expect(await sender.send(receiver, type)).toMatchObject({ status: 200, outcome: "handled" });
    const headers = { "event-type": undefined };
    expect(await sender.send(receiver, type, { headers })).toMatchObject({ status: 200, outcome: "handled" });
    expect(seen).toEqual([type, type]);
  });

  it.each(["statement_ready", ...chipSendEventTypes.filter((other) => other !== type)])(
    "is refused when somebody on the way made %s of the unsigned header",
    async (other) => {
      const { sender, receiver, seen } = setUp();
      const result = await sender.send(receiver, type, { headers: { "event-type": other } });
      expect(result).toMatchObject({ status: 400, code: "ERR_EVENT_TYPE_INVALID" });
      expect(seen).toEqual([]);
    },
  );

  it("has the same id in a redelivery, and another in another event", async () => {
    const { sender, receiver } = setUp();
    const [first, second] = await sender.duplicate(receiver, type);
    expect([first.outcome, second.outcome]).toEqual(["handled", "duplicate"]);
    expect(second.eventId).toBe(first.eventId);
    expect((await sender.send(receiver, type)).eventId).not.toBe(first.eventId);
  });

  it("has a fixture that depends on the moment alone and names nobody who exists", () => {
    const [one, other] = [moments(), moments()];
    const payload = platform.fixture(type, one());
    expect(platform.fixture(type, other())).toEqual(payload);
    expect(platform.fixture(type, one()).id).not.toBe(payload.id);
    expect(payload.updated_at).toBe("2027-01-01T17:30:00.000Z");
    expect(payload.created_at < payload.updated_at).toBe(true);
    for (const [, host] of JSON.stringify(payload).matchAll(/(?:https?:\/\/|@)([^/"]+)/g)) {
      expect(host).toMatch(/(^|\.)example\.com$/);
    }
  });

  it.each(["tampered", "truncated", "unsigned", "wrongKey", "oversized"] as const)("is refused %s", async (fault) => {
    const { sender, receiver, seen } = setUp();
    expect((await sender.send(receiver, type, { fault })).outcome).toBe("rejected");
    expect(seen).toEqual([]);
  });
});

describe("chipSendMock", () => {
  it("knows every event type of the provider", () => expect(platform.types).toEqual(chipSendEventTypes));

  it("is refused with any one byte of the body changed, and with a signature that is cut short", async () => {
    const { sender, receiver, seen } = setUp();
    const request = await sender.build("send_instruction_status");
    for (let index = 0; index < request.body.length; index++) {
      const body = new Uint8Array(request.body);
      body[index] = (body[index] ?? 0) ^ 1;
      expect((await sender.deliver(receiver, { ...request, body })).code).toBe("ERR_SIGNATURE_MISMATCH");
    }
    const signature = request.headers["x-signature"] ?? "";
    for (let index = 0; index < signature.length; index++) {
      const headers = { ...request.headers, "x-signature": signature.slice(0, index) };
      expect((await sender.deliver(receiver, { ...request, headers })).status).toBe(401);
    }
    expect(seen).toEqual([]);
  });

  it("tries 26 times over 21 days, within the provider's retry horizon", () => {
    expect(platform.attemptsDueMs).toHaveLength(26);
    expect(platform.attemptsDueMs.slice(0, 5)).toEqual([0, 15_000, 31_000, 62_000, 158_000]);
    const lastMs = platform.attemptsDueMs.at(-1) ?? 0;
    expect(lastMs / (24 * 60 * minuteMs)).toBeCloseTo(20.4, 1);
    expect(lastMs).toBeLessThan(platform.provider.retryHorizonMs);
  });

  it("is accepted by a receiver that was down, on a later attempt, and once only", async () => {
    const { sender, receiver, seen } = setUp();
    let attempts = 0;
    receiver.use((_event, _context, next) => {
      if (++attempts < 4) throw new Error("down");
      return next();
    });
    const { accepted, attempts: made } = await sender.sendUntilAccepted(receiver, "bank_account_status");
    expect([accepted, made.length, seen.length]).toEqual([true, 4, 1]);
  });

  it("signs with the private key it is given, which credentials fit", async () => {
    const key = createRsaKey();
    const given = chipSendMock({ privateKey: key.export({ type: "pkcs8", format: "pem" }).toString() });
    expect(given.credentials).toEqual({ publicKey: publicPemOf(key) });
    const app = createReceiver({ provider: chipSend(given.credentials), onOutcome: () => {} }).on("*", () => {});
    expect((await createMockSender(given).send(app, "bank_account_status")).outcome).toBe("handled");
    expect((await setUp().sender.send(app, "bank_account_status")).code).toBe("ERR_SIGNATURE_MISMATCH");
  });
});
