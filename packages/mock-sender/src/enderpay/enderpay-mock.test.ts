import { createReceiver } from "@hooklatch/core";
import { enderpayEventTypes } from "@hooklatch/providers/enderpay";
import { describe, expect, it } from "vitest";

import { createMockSender } from "../mock-sender.ts";
import { createMoments } from "../moments.ts";
import { createVirtualClock } from "../virtual-clock.ts";
import { enderpayMock } from "./enderpay-mock.ts";

const secret = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
const moments = () => createMoments(createVirtualClock(0), "enderpay");

function setUp(platform = enderpayMock()) {
  const sender = createMockSender(platform);
  const receiver = createReceiver({ provider: sender.provider, clock: sender.clock, onOutcome: () => {} });
  const seen: string[] = [];
  receiver.on("*", ({ type }) => void seen.push(type));
  return { sender, receiver, seen };
}

describe.each(enderpayEventTypes)("%s", (type) => {
  it("is accepted", async () => {
    const { sender, receiver, seen } = setUp();
    expect(await sender.send(receiver, type)).toMatchObject({ status: 200, outcome: "handled" });
    expect(seen).toEqual([type]);
  });

  it("has the same id in a redelivery, and another in another event", async () => {
    const { sender, receiver } = setUp();
    const [first, second] = await sender.duplicate(receiver, type);
    expect([first.outcome, second.outcome]).toEqual(["handled", "duplicate"]);
    expect(second.eventId).toBe(first.eventId);
    expect((await sender.send(receiver, type)).eventId).not.toBe(first.eventId);
  });

  it("has a fixture that depends on the moment alone, with a player's UUID in both spellings", () => {
    const platform = enderpayMock();
    const [one, other] = [moments(), moments()];
    const payload = platform.fixture(type, one());
    expect(platform.fixture(type, other())).toEqual(payload);
    const next = platform.fixture(type, one());
    expect(next.customer.uuid).not.toBe(payload.customer.uuid);
    expect(payload.customer.uuid).toMatch(/^[0-9a-f]{32}$/);
    expect(payload.customer.dashed_uuid.replaceAll("-", "")).toBe(payload.customer.uuid);
    if ("payment" in payload) {
      expect(payload.payment.total).toMatch(/^\d+\.\d\d$/);
      expect(payload.payment.ip_address).toMatch(/^203\.0\.113\./);
    }
  });

  it.each(["truncated", "unsigned", "wrongKey", "oversized"] as const)("is refused %s", async (fault) => {
    const { sender, receiver, seen } = setUp();
    expect((await sender.send(receiver, type, { fault })).outcome).toBe("rejected");
    expect(seen).toEqual([]);
  });
});

describe("enderpayMock", () => {
  it("knows every event type of the provider", () => expect(enderpayMock().types).toEqual(enderpayEventTypes));

  it("cannot prove a body: one that was changed on the way is accepted", async () => {
    const { sender, receiver } = setUp();
    expect((await sender.send(receiver, "STORE_PACKAGE_INITIAL", { fault: "tampered" })).outcome).toBe("handled");
  });

  it.each([
    [undefined, "/webhooks/enderpay", `/webhooks/enderpay/${secret}`],
    [undefined, "/hook/?a=b", `/hook/${secret}?a=b`],
    [{ in: "query", name: "token" }, "/hook", `/hook?token=${secret}`],
    [{ in: "query", name: "token" }, "/hook?a=b", `/hook?a=b&token=${secret}`],
  ] as const)("puts the secret %j of %s into the URL: %s", async (secretIn, path, expected) => {
    const { sender, receiver } = setUp(enderpayMock({ secret, ...(secretIn === undefined ? {} : { secretIn }) }));
    const request = await sender.build("STORE_LOGIN_SUCCESSFUL", { path });
    expect(request.url).toBe(`http://localhost${expected}`);
    expect((await sender.deliver(receiver, request)).outcome).toBe("handled");
    expect(sender.credentials).toEqual({ secret });
  });

  it("makes a secret of its own, another one each time", () => {
    const secrets = [enderpayMock(), enderpayMock()].map(({ credentials }) => credentials.secret);
    for (const made of secrets) expect(made).toMatch(/^[0-9a-f]{48}$/);
    expect(secrets[0]).not.toBe(secrets[1]);
  });

  it("sends the same purchase again as a redelivery, and after the window as a new one", async () => {
    const { sender, receiver, seen } = setUp(enderpayMock({ windowMs: 30_000 }));
    const request = await sender.build("STORE_PACKAGE_INITIAL");
    for (const [passedMs, outcome] of [
      [0, "handled"],
      [29_999, "duplicate"],
      [1, "handled"],
    ] as const) {
      await sender.clock.advance(passedMs);
      expect((await sender.deliver(receiver, request)).outcome).toBe(outcome);
    }
    expect(seen).toHaveLength(2);
  });
});
