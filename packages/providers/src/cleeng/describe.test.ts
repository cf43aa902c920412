import { createHash } from "node:crypto";

import type { EventDescription } from "@hooklatch/core";
import { RejectedError } from "@hooklatch/core/errors";
import { describe, expect, test } from "vitest";

import { createDescribe } from "./describe.ts";
import { cleengTopics } from "./events.ts";

const windowMs = 60_000;
const passEnd = { broadcasterId: 7001, topic: "passTerminated", data: { passId: "880001", customerId: 31 } };
const sale = {
  broadcasterId: 7001,
  topic: "transactionCreated",
  data: { transactionId: "T880002", transactionDate: 1_789_000_000 },
};

function describeBody(body: Record<string, unknown>, broadcasterId?: number): EventDescription {
  const bytes = Buffer.from(JSON.stringify(body));
  const delivery = { method: "POST", url: "/", receivedAtMs: 0, body: bytes, header: () => undefined };
  return createDescribe({ broadcasterId, windowMs })(body, delivery);
}

function codeOf(body: Record<string, unknown>, broadcasterId?: number): string {
  try {
    describeBody(body, broadcasterId);
  } catch (error) {
    return error instanceof RejectedError ? error.code : String(error);
  }
  return "none";
}

const sha256 = (value: unknown) => createHash("sha256").update(JSON.stringify(value)).digest("hex");

test("reads type, id, time and payload, the publisher among its fields", () => {
  expect(describeBody(sale)).toEqual({
    id: "transactionCreated/7001/T880002",
    type: "transactionCreated",
    payload: { ...sale.data, broadcasterId: 7001 },
    occurredAtMs: 1_789_000_000_000,
  });
});

test.each([
  ["transactionCreated", { transactionId: "T1" }, "T1"],
  ["customerRegistered", { customerId: 31, customerEmail: "a@example.com" }, "31"],
  ["offerCreated", { offerId: "S1", createdAt: "2027-03-01T10:00:00+01:00" }, "S1/2027-03-01T10%3A00%3A00%2B01%3A00"],
  ["offerUpdated", { offerId: "S1", updatedAt: "2027-03-01T10:00:00Z" }, "S1/2027-03-01T10%3A00%3A00Z"],
  ["offerPriceChanged", { offerId: "S1", updatedAt: "2027-03-01T10:00:00Z" }, "S1/2027-03-01T10%3A00%3A00Z"],
  ["offerDeactivated", { offerId: "S1", deactivatedAt: "2027-03-01T10:00:00Z" }, "S1/2027-03-01T10%3A00%3A00Z"],
  ["passCreated", { passId: "88", offerId: "P1" }, "88"],
  [
    "subscriptionReadyForPaymentCapture",
    { subscriptionId: 42, dunningStatus: "capture", dunningAttemptDate: "2027-03-01" },
    "42/capture/2027-03-01",
  ],
  [
    "subscriptionReadyForPaymentAuthorisation",
    { subscriptionId: "42", dunningStatus: "authorize", dunningAttemptDate: "2027-03-01" },
    "42/authorize/2027-03-01",
  ],
])("names an event of %s by its own fields, for good", (topic, data, key) => {
  const description = describeBody({ broadcasterId: 7001, topic, data });
  expect(description.id).toBe(`${topic}/7001/${key}`);
  expect(description).not.toHaveProperty("keepMs");
});

test.each([
  "customerConsentUpdated",
  "passTerminated",
  "passExpirationChanged",
  "subscriptionRenewed",
  "inappPurchaseValidationSucceeded",
  "aTopicOfTomorrow",
  "constructor",
])("knows an event of %s by its body, and for a short time only", (topic) => {
  const body = { ...passEnd, topic };
  expect(describeBody(body)).toMatchObject({ id: `${topic}/7001/sha256:${sha256(body)}`, keepMs: windowMs });
});

test.each(["refundPayment", "capturePayment"])("knows an order to %s by its body, for good", (topic) => {
  const body = { ...passEnd, topic };
  expect(describeBody(body).id).toBe(`${topic}/7001/sha256:${sha256(body)}`);
  expect(describeBody(body)).not.toHaveProperty("keepMs");
});

test.each([
  {},
  { transactionId: null },
  { transactionId: "" },
  { transactionId: " " },
  { transactionId: {} },
  { transactionId: 2 ** 53 },
  { transactionId: 1.5 },
  { transactionId: "T\ud800" },
])("knows an event whose own id is %j by its body", (data) => {
  const body = { ...sale, data };
  expect(describeBody(body)).toMatchObject({ id: `transactionCreated/7001/sha256:${sha256(body)}`, keepMs: windowMs });
});

test("gives every redelivery the same id, and other topics, publishers and bodies other ids", () => {
  const offer = { broadcasterId: 7001, topic: "offerUpdated", data: { offerId: "S1", updatedAt: "2027-03-01" } };
  const bodies = [
    offer,
    { ...offer, topic: "offerPriceChanged" },
    { ...offer, broadcasterId: 7002 },
    { ...offer, data: { ...offer.data, updatedAt: "2027-03-02" } },
    passEnd,
    { ...passEnd, broadcasterId: 7002 },
    { ...passEnd, topic: "passEnded" },
  ];
  const ids = bodies.map((body) => describeBody(body).id);
  expect(new Set(ids).size).toBe(bodies.length);
  expect(bodies.map((body) => describeBody(structuredClone(body)).id)).toEqual(ids);
});

test("makes no two events share an id by slashes or colons inside their fields", () => {
  const idOf = (offerId: string, createdAt: string) =>
    describeBody({ broadcasterId: 1, topic: "offerCreated", data: { offerId, createdAt } }).id;
  expect(new Set([idOf("a/b", "c"), idOf("a", "b/c"), idOf("a%2Fb", "c")]).size).toBe(3);
  const hashed = describeBody({ ...sale, data: {} });
  const posing = describeBody({ ...sale, data: { transactionId: String(hashed.id).split("/")[2] } });
  expect(posing.id).not.toBe(hashed.id);
  expect(describeBody({ ...sale, topic: "transactionCreated/7001" }).id).not.toMatch(/^transactionCreated\/7001\//);
});

describe("the publisher", () => {
  test("may be anyone unless one is pinned", () => {
    expect([7001, 7002].map((id) => codeOf({ ...sale, broadcasterId: id }))).toEqual(["none", "none"]);
  });

  test("is the pinned one, or the delivery is refused", () => {
    expect(codeOf(sale, 7001)).toBe("none");
    expect(codeOf({ ...sale, broadcasterId: "7001" }, 7001)).toBe("none");
    expect(codeOf({ ...sale, broadcasterId: 7002 }, 7001)).toBe("ERR_SOURCE_NOT_ALLOWED");
    expect(codeOf(sale, 0)).toBe("ERR_SOURCE_NOT_ALLOWED");
    expect(() => describeBody(sale, 7002)).toThrow("The event is about the broadcaster 7001, not about 7002.");
  });

  test("is a number even where Cleeng writes digits, and wins over a field of the same name", () => {
    const { id, payload } = describeBody({ ...sale, broadcasterId: "7001", data: { ...sale.data, broadcasterId: 9 } });
    expect([id, payload]).toEqual(["transactionCreated/7001/T880002", { ...sale.data, broadcasterId: 7001 }]);
  });

  test.each([undefined, null, "", "x", "7e3", "0x10", 1.5, Number.NaN, 2 ** 53, "9".repeat(16), {}, [7001], true])(
    "is never %j",
    (broadcasterId) => expect(codeOf({ ...sale, broadcasterId })).toBe("ERR_EVENT_UNREADABLE"),
  );
});

test.each(cleengTopics)("takes the topic %s as it stands", (topic) => {
  expect(describeBody({ ...passEnd, topic }).type).toBe(topic);
});

test.each([undefined, null, "", " ", 3, true, {}, ["passCreated"], "pass\ud800"])("refuses the topic %j", (topic) => {
  expect(codeOf({ ...sale, topic })).toBe("ERR_EVENT_TYPE_INVALID");
});

test.each([undefined, null, "text", 1, true, [], [{}]])("refuses %j as data", (data) => {
  expect(codeOf({ ...sale, data })).toBe("ERR_EVENT_UNREADABLE");
});

test.each([
  ["offerCreated", "createdAt", "2027-03-01T10:00:00+01:00", Date.UTC(2027, 2, 1, 9)],
  ["offerUpdated", "updatedAt", "2027-03-01T10:00:00+01:00", Date.UTC(2027, 2, 1, 9)],
  ["offerDeactivated", "deactivatedAt", "2027-03-01T10:00:00Z", Date.UTC(2027, 2, 1, 10)],
  ["offerUpdated", "updatedAt", "yesterday", undefined],
  ["passCreated", "createdAt", "2027-03-01T10:00:00Z", undefined],
])("tells when it happened: %s, %s %s", (topic, field, time, occurredAtMs) => {
  expect(describeBody({ broadcasterId: 1, topic, data: { [field]: time } }).occurredAtMs).toBe(occurredAtMs);
});
