import { expect, test } from "vitest";

import { describe } from "./describe.ts";
import { inplayerEventTypes } from "./events.ts";

const payment = {
  created: "1790000000",
  id: "0b8e6c1d-52f4-4a97-8d3b-6e1f0c2a9b75",
  type: "payment.card.success",
  version: "2.4.2",
  resource: { amount: "14.90", customer_id: "31177", email: "ines@example.com", transaction: "C-r7", seat: "12" },
};

/** What becomes of the resource of a payment with other fields. */
function resourceOf(resource: unknown, type: unknown = payment.type): unknown {
  return describe({ ...payment, type, resource }).payload;
}

test("reads id, type, time and payload, with numbers in place of their texts and the form beside them", () => {
  expect(describe(payment)).toEqual({
    id: payment.id,
    type: "payment.card.success",
    payload: {
      created: 1790000000,
      id: payment.id,
      type: "payment.card.success",
      version: "2.4.2",
      resource: { amount: 14.9, customer_id: 31177, email: "ines@example.com", transaction: "C-r7", seat: "12" },
      misfits: [],
      form: payment,
    },
    occurredAtMs: 1790000000_000,
  });
});

test("hands the very form over, as it came", () => {
  const before = structuredClone(payment);
  expect(describe(payment)).toHaveProperty("payload.form", payment);
  expect(payment).toEqual(before);
});

test.each(inplayerEventTypes)("describes %s by its own name", (type) => {
  expect(describe({ ...payment, type })).toMatchObject({ type, payload: { type, misfits: [] } });
});

test("converts a field by the event it stands in", () => {
  const resource = { id: "29237", active: "0", amount: "1.50" };
  expect(resourceOf(resource, "customer.updated")).toMatchObject({
    resource: { id: 29237, active: false, amount: "1.50" },
  });
  expect(resourceOf(resource)).toMatchObject({ resource: { id: "29237", active: "0", amount: 1.5 } });
});

test("leaves out what does not fit its kind, names it and keeps it in the form", () => {
  const resource = { amount: "abc", customer_id: "9007199254740993", item_id: "", email: ["a"], code: "200" };
  expect(resourceOf(resource)).toMatchObject({
    misfits: ["resource.amount", "resource.customer_id", "resource.email"],
    form: { resource },
  });
  expect(resourceOf(resource)).toHaveProperty("resource", { code: 200 });
});

test.each(["text", "", ["a", "b"]])("takes the resource %j for a misfit", (resource) => {
  expect(resourceOf(resource)).toMatchObject({ resource: {}, misfits: ["resource"], form: { resource } });
});

test("describes an event without a resource", () => {
  const { resource: _, ...form } = payment;
  expect(describe(form).payload).toMatchObject({ resource: {}, misfits: [], form });
});

test.each(["payment.wallet.success", "constructor", "toString", "__proto__", "hasOwnProperty"])(
  "leaves all fields of the unknown event %s texts",
  (type) => {
    const resource = { amount: "14.90", active: "1", tags: ["a"] };
    expect(resourceOf(resource, type)).toMatchObject({ type, resource, misfits: [] });
  },
);

test.each(["", "soon", "1790000000.5", "1e9", "2026-09-21T00:00:00Z"])(
  "has no time for an event created at %j",
  (created) => {
    const { payload, occurredAtMs } = describe({ ...payment, created });
    expect(occurredAtMs).toBeUndefined();
    expect(payload).not.toHaveProperty("created");
    expect(payload).toMatchObject({ misfits: created === "" ? [] : ["created"], form: { created } });
  },
);

test("keeps fields beside the resource that it does not know", () => {
  expect(describe({ ...payment, attempt: "2" }).payload).toMatchObject({ attempt: "2" });
});

test("does not let the form speak for itself", () => {
  const form = { ...payment, misfits: "none", form: "x" };
  expect(describe(form).payload).toMatchObject({ misfits: [], form });
});
