import { deepEqual, equal, throws } from "node:assert/strict";
import { test } from "node:test";

import { createMockSender } from "@hooklatch/mock-sender";
import { stripeMock } from "@hooklatch/mock-sender/stripe";

import { createApp } from "../../src/app.ts";
import { createPayments } from "../../src/payments.ts";
import type { TicketOffice } from "../../src/payments.ts";

/** A Stripe with a secret of its own, a shop that is set up with it, and what the shop has issued. */
function open() {
  const sender = createMockSender(stripeMock());
  const issued: string[] = [];
  const office: TicketOffice = { issue: async (id) => void issued.push(id) };
  const options = {
    env: { STRIPE_WEBHOOK_SECRET: sender.credentials.secret },
    office,
    clock: sender.clock,
    onOutcome: () => {},
  };
  return { sender, options, issued };
}

const order = (id: string) => ({ payload: { data: { object: { client_reference_id: id } } } });

test("the tickets of a paid order are issued, once", async () => {
  const { sender, options, issued } = open();
  const payments = createPayments(options);

  const results = await sender.duplicate(payments, "checkout.session.completed", order("order-7"));

  deepEqual(
    results.map(({ outcome }) => outcome),
    ["handled", "duplicate"],
  );
  deepEqual(issued, ["order-7"]);
});

test("none are issued while the money is on its way", async () => {
  const { sender, options, issued } = open();

  const result = await sender.send(createPayments(options), "checkout.session.completed", {
    payload: { data: { object: { payment_status: "unpaid" } } },
  });

  equal(result.outcome, "handled");
  deepEqual(issued, []);
});

test("none are issued for a delivery that was changed on the way", async () => {
  const { sender, options, issued } = open();

  const result = await sender.send(createPayments(options), "checkout.session.completed", { fault: "tampered" });

  equal(result.code, "ERR_SIGNATURE_MISMATCH");
  deepEqual(issued, []);
});

test("none are issued for a delivery that was held back for ten minutes", async () => {
  const { sender, options, issued } = open();
  const captured = await sender.build("checkout.session.completed");
  await sender.clock.advance(10 * 60_000); // no waiting: it is the receiver's clock, too

  const result = await sender.deliver(createPayments(options), captured);

  equal(result.code, "ERR_TIMESTAMP_STALE");
  deepEqual(issued, []);
});

test("the app has the receiver where Stripe sends to", async () => {
  const { sender, options, issued } = open();

  const result = await sender.send(createApp(options), "checkout.session.completed", order("order-8"));

  equal(result.status, 200);
  deepEqual(issued, ["order-8"]);
});

test("the app does not start without its secret", () => {
  throws(() => createApp({ ...open().options, env: {} }), { code: "ERR_SECRET_MISSING" });
});
