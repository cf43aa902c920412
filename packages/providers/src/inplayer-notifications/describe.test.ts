import { toIncomingDelivery, createReceiver } from "@hooklatch/core";
import type { Result } from "@hooklatch/core";
import { describe, expect, test } from "vitest";

import { inplayerNotifications } from "./inplayer-notifications.ts";

const account = "0a6e2d84-7b1f-4c55-9b0e-3f1d2c7a9e60";
const sale = { transaction: "C-k2m9", item_id: 8120, amount: "3.00" };
const paid = { type: "payment.card.success", timestamp: 1_790_000_000, resource: sale };

async function dispatch(message: unknown, url = `mqtt:${account}`): Promise<Result> {
  const receiver = createReceiver({ provider: inplayerNotifications(), onOutcome: () => {} }).on("*", () => {});
  return receiver.dispatch({ body: Buffer.from(JSON.stringify(message)), url });
}

const idOf = async (message: unknown, url?: string): Promise<string | undefined> =>
  (await dispatch(message, url)).event?.id;

test("reads type, time and payload, and keeps the message beside them", async () => {
  expect(await dispatch(paid)).toMatchObject({
    outcome: "handled",
    event: {
      id: `${account}/payment.card.success/1790000000/transaction%3AC-k2m9`,
      type: "payment.card.success",
      occurredAt: "2026-09-21T14:13:20.000Z",
      payload: {
        type: "payment.card.success",
        timestamp: 1_790_000_000,
        accountUuid: account,
        resource: sale,
        message: paid,
      },
    },
  });
});

describe("the id", () => {
  test.each([
    ["its transaction", { transaction: "T-1", id: 5, item_id: 6 }, "transaction%3AT-1"],
    ["else its id", { id: 5, item_id: 6 }, "id%3A5"],
    ["else its item", { item_id: 6 }, "item_id%3A6"],
    ["its item where the others are blank", { transaction: " ", id: null, item_id: 6 }, "item_id%3A6"],
  ])("ends with what the resource names itself by: %s", async (_what, resource, end) => {
    expect(await idOf({ ...paid, resource })).toBe(`${account}/payment.card.success/1790000000/${end}`);
  });

  test.each([
    ["has no resource", { type: "account.logout", timestamp: 1_790_000_000 }],
    ["has a resource without a name", { ...paid, resource: { code: 422 } }],
    ["has a number that JSON rounds", { ...paid, resource: { id: 2 ** 60 } }],
    ["has no time", { type: "payment.card.success", resource: sale }],
    ["has a time that is no number", { ...paid, timestamp: "1790000000" }],
    ["has a time that is not set", { ...paid, timestamp: -62_135_596_800 }],
  ])("is the hash of a message that %s", async (_what, message) => {
    expect(await idOf(message)).toMatch(/\/sha256%3A[0-9a-f]{64}$/);
    expect(await idOf(message)).toBe(await idOf(message));
    expect(await idOf({ ...message, note: 1 })).not.toBe(await idOf(message));
  });

  test("differs between accounts, types, seconds and names", async () => {
    const ids = await Promise.all([
      idOf(paid),
      idOf(paid, "mqtt:another"),
      idOf(paid, ""),
      idOf({ ...paid, type: "subscribe.success" }),
      idOf({ ...paid, timestamp: 1_790_000_001 }),
      idOf({ ...paid, resource: { transaction: "C-k2m8" } }),
      idOf({ ...paid, resource: { id: "C-k2m9" } }),
      idOf({ ...paid, type: "payment.card.success/1790000000" }),
    ]);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe("InPlayer's habits", () => {
  const item = { id: 3, title: "Carmen", created_at: -62_135_596_800, updated_at: 1_789_000_000 };
  const grant = { id: 7, starts_at: -62_135_596_800, expires_at: 1_799_000_000, item };
  const resourceOf = async (resource: unknown): Promise<unknown> => {
    const { event } = await dispatch({ type: "access.granted", timestamp: 1_790_000_000, resource });
    expect(event?.payload).toMatchObject({ message: { resource } });
    return Reflect.get(Object(event?.payload), "resource");
  };

  test("a time in the year 1 is none", async () => {
    expect(await resourceOf(grant)).toEqual({
      id: 7,
      expires_at: 1_799_000_000,
      item: { id: 3, title: "Carmen", updated_at: 1_789_000_000 },
    });
    expect(await resourceOf({ amount: -62_135_596_800 })).toEqual({ amount: -62_135_596_800 });
  });

  test("an asset's metahash is its metadata, unless it has some", async () => {
    const cover = { preview_title: "Carmen" };
    expect(await resourceOf({ item: { id: 3, metahash: cover } })).toEqual({
      item: { id: 3, metahash: cover, metadata: cover },
    });
    const both = { item: { id: 3, metadata: cover, metahash: { preview_title: "Tosca" } } };
    expect(await resourceOf(both)).toEqual(both);
    expect(await resourceOf({ item: "3" })).toEqual({ item: "3" });
  });

  test.each([undefined, null, "text", 7, ["a"]])("a resource that is %j is an empty one", async (resource) => {
    const { event } = await dispatch({ type: "account.erased", timestamp: 1_790_000_000, resource });
    expect(event?.payload).toMatchObject({ resource: {} });
  });
});

test.each([undefined, 7, "", "\ud800"])("a message whose type is %j is refused", async (type) => {
  expect(await dispatch({ ...paid, type })).toMatchObject({
    outcome: "rejected",
    error: { code: "ERR_EVENT_TYPE_INVALID" },
  });
});

test.each(["gift.sent", "constructor", "__proto__", "a/b"])("the unknown type %s is passed on", async (type) => {
  expect(await dispatch({ ...paid, type })).toMatchObject({
    outcome: "handled",
    event: { type, payload: { resource: sale } },
  });
});

test("a delivery by HTTP is refused, whatever it carries, and the operator is told where to go", async () => {
  const receiver = createReceiver({ provider: inplayerNotifications(), onOutcome: () => {} });
  receiver.on("*", () => expect.unreachable());
  const headers = { "content-type": "application/json", "x-inplayer-signature": "sha256=00" };
  const result = await receiver.receive(toIncomingDelivery({ headers, body: Buffer.from(JSON.stringify(paid)) }));
  expect(result).toMatchObject({ outcome: "rejected", error: { code: "ERR_SIGNATURE_MISSING" } });
  expect(result.error?.help).toContain("connectNotifications");
  expect(await result.explain?.()).toMatchObject({ cause: "unknown" });
});
