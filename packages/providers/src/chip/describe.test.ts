import { RejectedError } from "@hooklatch/core/errors";
import { expect, test } from "vitest";

import { describe } from "./describe.ts";
import { chipEventTypes } from "./events.ts";

const webhook = {
  id: "5a0c2f9e-77d1-4b8a-9c36-1f2e3d4c5b6a",
  type: "purchase",
  event_type: "purchase.hold",
  status: "hold",
  updated_on: 1761004800,
};

const { event_type: _, ...callback } = webhook;

function codeOf(body: Record<string, unknown>): string {
  try {
    describe(body);
  } catch (error) {
    return error instanceof RejectedError ? error.code : String(error);
  }
  return "none";
}

test("reads type, id, time and payload from the signed fields", () => {
  expect(describe(webhook)).toEqual({
    id: "5a0c2f9e-77d1-4b8a-9c36-1f2e3d4c5b6a/purchase.hold/1761004800",
    type: "purchase.hold",
    payload: webhook,
    occurredAtMs: 1761004800_000,
  });
});

test.each(chipEventTypes)("takes %s as it stands, whatever the status says", (type) => {
  expect(describe({ ...webhook, event_type: type, status: "paid" }).type).toBe(type);
});

test("lets a type pass that is newer than the event map", () => {
  expect(describe({ ...webhook, event_type: "purchase.teleported" }).type).toBe("purchase.teleported");
});

test("gives every redelivery the same id, and other events of the object other ids", () => {
  const ids = [
    webhook,
    { ...webhook, event_type: "purchase.captured" },
    { ...webhook, updated_on: 1761004801 },
    { ...webhook, id: "5a0c2f9e-77d1-4b8a-9c36-1f2e3d4c5b6b" },
  ].map((body) => describe(body).id);
  expect(describe(structuredClone(webhook)).id).toBe(ids[0]);
  expect(new Set(ids).size).toBe(4);
});

test("makes no two events share an id by slashes inside their fields", () => {
  const one = describe({ ...webhook, id: "a/b", event_type: "c" });
  const other = describe({ ...webhook, id: "a", event_type: "b/c" });
  const escaped = describe({ ...webhook, id: "a%2Fb", event_type: "c" });
  expect(new Set([one.id, other.id, escaped.id]).size).toBe(3);
});

test.each([
  ["created", "purchase.created"],
  ["viewed", "purchase.viewed"],
  ["paid", "purchase.paid"],
  ["error", "purchase.payment_failure"],
  ["pending_execute", "purchase.pending_execute"],
  ["pending_charge", "purchase.pending_charge"],
  ["cancelled", "purchase.cancelled"],
  ["hold", "purchase.hold"],
  ["pending_capture", "purchase.pending_capture"],
  ["released", "purchase.released"],
  ["pending_release", "purchase.pending_release"],
  ["preauthorized", "purchase.preauthorized"],
  ["pending_refund", "purchase.pending_refund"],
  ["settled", "purchase.settled"],
])("reads a success callback in status %s as %s", (status, type) => {
  expect(describe({ ...callback, status }).type).toBe(type);
});

test("gives a success callback the id of the webhook that tells the same", () => {
  const paid = { ...webhook, event_type: "purchase.paid", status: "paid" };
  expect(describe({ ...callback, status: "paid" }).id).toBe(describe(paid).id);
  expect(describe({ ...paid, event_type: null }).id).toBe(describe(paid).id);
});

test.each(["sent", "overdue", "expired", "blocked", "cleared", "chargeback", "refunded", "constructor", 7, undefined])(
  "refuses a success callback in status %s, which no event of a purchase has",
  (status) => expect(codeOf({ ...callback, status })).toBe("ERR_EVENT_TYPE_INVALID"),
);

test.each(["payment", "payout", "billing_template_client", undefined])("refuses a %s without event_type", (type) => {
  expect(codeOf({ ...callback, type, status: "paid" })).toBe("ERR_EVENT_TYPE_INVALID");
});

test.each(["", " ", 3, true, {}, ["purchase.paid"], "purchase.\ud800"])("refuses the event_type %j", (type) => {
  expect(codeOf({ ...webhook, event_type: type })).toBe("ERR_EVENT_TYPE_INVALID");
});

test.each([undefined, null, "", "  ", 12, {}, ["a"], "a\udfff"])("refuses the id %j", (id) => {
  expect(codeOf({ ...webhook, id })).toBe("ERR_EVENT_ID_INVALID");
});

test.each([undefined, null, "1761004800", 1.5, Number.NaN, -1, 8.64e12 + 1, 2 ** 53, 1e308, {}])(
  "refuses updated_on %j",
  (time) => {
    expect(codeOf({ ...webhook, updated_on: time })).toBe("ERR_EVENT_ID_INVALID");
  },
);
