import { once } from "node:events";
import { createServer } from "node:http";

import { createMockSender } from "@hooklatch/mock-sender";
import { stripeMock } from "@hooklatch/mock-sender/stripe";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";

import { createApp } from "../../src/app.ts";
import { createPayments } from "../../src/payments.ts";

// A Stripe of our own, with a secret of its own. The app is set up as in production: from its environment.
const sender = createMockSender(stripeMock());
const env = { STRIPE_WEBHOOK_SECRET: sender.credentials.secret };

const office = { issue: vi.fn(async (_order: string) => {}) };
const onOutcome = vi.fn();
const options = { env, office, clock: sender.clock, onOutcome };

beforeEach(() => vi.clearAllMocks());

const order = (id: string | null) => ({ payload: { data: { object: { client_reference_id: id } } } });

describe("a handler, called without HTTP", () => {
  it("issues the tickets of a paid order", async () => {
    const result = await sender.send(createPayments(options), "checkout.session.completed", order("order-7"));

    expect(result.outcome).toBe("handled");
    expect(office.issue).toHaveBeenCalledExactlyOnceWith("order-7");
  });

  it("issues none while the money is on its way", async () => {
    const result = await sender.send(createPayments(options), "checkout.session.completed", {
      payload: { data: { object: { payment_status: "unpaid" } } },
    });

    expect(result.outcome).toBe("handled");
    expect(office.issue).not.toHaveBeenCalled();
  });

  it("fails for a session without an order, and the operator is told why", async () => {
    const result = await sender.send(createPayments(options), "checkout.session.completed", order(null));

    expect(result).toMatchObject({ status: 500, outcome: "failed", code: "ERR_HANDLER_FAILED" });
    expect(onOutcome.mock.lastCall?.[0]).toMatchObject({
      eventId: result.eventId,
      error: { cause: new Error("This checkout session belongs to no order.") },
    });
  });

  it("leaves alone what it has no handler for", async () => {
    expect((await sender.send(createPayments(options), "charge.refunded")).outcome).toBe("ignored");
  });
});

describe("what happens on the way", () => {
  it("issues an order once when Stripe sends it twice", async () => {
    const results = await sender.duplicate(createPayments(options), "checkout.session.completed");

    expect(results.map(({ outcome }) => outcome)).toEqual(["handled", "duplicate"]);
    expect(office.issue).toHaveBeenCalledOnce();
  });

  it("issues an order once when ten copies come together", async () => {
    await sender.concurrent(createPayments(options), "checkout.session.completed", { copies: 10 });

    expect(office.issue).toHaveBeenCalledOnce();
  });

  it.each([
    ["tampered", "ERR_SIGNATURE_MISMATCH"],
    ["wrongKey", "ERR_SIGNATURE_MISMATCH"],
    ["unsigned", "ERR_SIGNATURE_MISSING"],
  ] as const)("issues nothing for a delivery that is %s", async (fault, code) => {
    const result = await sender.send(createPayments(options), "checkout.session.completed", { fault });

    expect(result).toMatchObject({ status: 401, outcome: "rejected", code });
    expect(office.issue).not.toHaveBeenCalled();
  });

  it("issues nothing for a delivery that was held back for ten minutes", async () => {
    const captured = await sender.build("checkout.session.completed");
    await sender.clock.advance(10 * 60_000); // no waiting: it is the receiver's clock, too

    const result = await sender.deliver(createPayments(options), captured);

    expect(result).toMatchObject({ status: 401, code: "ERR_TIMESTAMP_STALE" });
    expect(office.issue).not.toHaveBeenCalled();
  });

  it("issues an order as soon as the office is open again", async () => {
    office.issue.mockRejectedValueOnce(new Error("closed")).mockRejectedValueOnce(new Error("closed"));

    // Stripe's own schedule, which takes half an hour to the third attempt, in no time.
    const { attempts } = await sender.sendUntilAccepted(createPayments(options), "checkout.session.completed");

    expect(attempts.map(({ outcome }) => outcome)).toEqual(["failed", "failed", "handled"]);
  });
});

describe("the whole app", () => {
  it("has the receiver where Stripe sends to", async () => {
    const result = await sender.send(createApp(options), "checkout.session.completed", order("order-8"));

    expect(result).toMatchObject({ status: 200, outcome: "handled" });
    expect(office.issue).toHaveBeenCalledExactlyOnceWith("order-8");
  });

  it("takes deliveries at its URL", async () => {
    const server = createServer(createApp(options)).listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await once(server, "listening");
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/webhooks/stripe`;

    expect((await sender.send(url, "checkout.session.completed")).outcome).toBe("handled");
    expect((await sender.send(`${url}/elsewhere`, "checkout.session.completed")).status).toBe(404);
  });

  it("does not start without its secret", () => {
    expect(() => createApp({ ...options, env: {} })).toThrow(expect.objectContaining({ code: "ERR_SECRET_MISSING" }));
  });
});
