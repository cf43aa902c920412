import { inplayerNotificationTypes } from "@hooklatch/providers/inplayer-notifications";
import { describe, expect, test, vi } from "vitest";

import { eventually, startNotifications } from "../support/notifications.ts";
import { failOnUnhandled } from "../support/unhandled.ts";

failOnUnhandled();

describe("a connection", () => {
  test.each(inplayerNotificationTypes)("delivers %s to its handler, with the account it is about", async (type) => {
    const seen: unknown[] = [];
    const bench = await startNotifications({}, (receiver) => void receiver.on(type, (event) => void seen.push(event)));
    await bench.connection.ready;
    const { bytes, connections } = await bench.mock.publish(type);
    expect(connections).toBe(1);
    expect(await bench.outcomes(1)).toEqual(["handled"]);
    const message: unknown = JSON.parse(Buffer.from(bytes).toString());
    const { accountUuid } = bench.mock.credentials;
    expect(seen).toMatchObject([{ type, payload: { type, accountUuid, message } }]);
  });

  test("gives handlers of a prefix and of everything what is theirs, in InPlayer's habits or without", async () => {
    const seen: string[] = [];
    const { connection, mock, outcomes } = await startNotifications({}, (receiver) => {
      receiver.on("access.granted", ({ payload: { resource } }) => {
        expect(resource).not.toHaveProperty("starts_at");
        expect(resource.item.metadata).toHaveProperty("preview_title");
        seen.push("grant");
      });
      receiver.on(
        "account.*",
        ({ payload }) => void seen.push(`${payload.type} ${Object.keys(payload.resource).length}`),
      );
      receiver.on("*", ({ type }) => void seen.push(type));
    });
    await connection.ready;
    await mock.publish("access.granted");
    await mock.publish("access.granted");
    await mock.publish("account.erased");
    await mock.publishBytes('{"type":"gift.sent","timestamp":1790000000}');
    await outcomes(4);
    expect(seen.toSorted()).toEqual(
      [
        "access.granted",
        "access.granted",
        "account.erased",
        "account.erased 0",
        "gift.sent",
        "grant",
        "grant",
      ].toSorted(),
    );
  });

  test("lets a message through once that comes twice", async () => {
    let runs = 0;
    const bench = await startNotifications({ connection: { maxConcurrent: 1 } }, (receiver) => {
      receiver.on("payment.card.success", () => void runs++);
    });
    await bench.connection.ready;
    await bench.mock.duplicate("payment.card.success");
    expect(await bench.outcomes(2)).toEqual(["handled", "duplicate"]);
    expect(runs).toBe(1);
  });

  test.each([
    ["is not JSON", "not JSON", "rejected ERR_BODY_MALFORMED"],
    ["is not UTF-8", Buffer.from([0xff, 0xfe, 0x00]), "rejected ERR_BODY_NOT_UTF8"],
    ["is empty", "", "rejected ERR_BODY_MALFORMED"],
    ["is no object", "[1]", "rejected ERR_BODY_NOT_OBJECT"],
    ["is nested deep", "[".repeat(100_000), "rejected ERR_BODY_MALFORMED"],
    ["has no type", "{}", "rejected ERR_EVENT_TYPE_INVALID"],
    ["is too large", " ".repeat(128 * 1024 + 1), "rejected ERR_BODY_TOO_LARGE"],
  ])("reports a message that %s, and goes on", async (_what, bytes, expected) => {
    const { connection, mock, outcomes, changes } = await startNotifications();
    await connection.ready;
    await mock.publishBytes(bytes);
    expect(await outcomes(1)).toEqual([expected]);
    await mock.publish("account.logout");
    expect(await outcomes(2)).toEqual([expected, "handled"]);
    expect(changes.map(({ state }) => state)).toEqual(["connected"]);
  });

  test("keeps the order with one message at a time", async () => {
    const seen: number[] = [];
    const { connection, mock, outcomes } = await startNotifications(
      { connection: { maxConcurrent: 1 } },
      (receiver) => {
        receiver.on("access.revoked", async ({ payload }) => {
          await new Promise((resolve) => setImmediate(resolve));
          seen.push(payload.resource.item_id);
        });
      },
    );
    await connection.ready;
    for (let id = 0; id < 50; id++) await mock.publish("access.revoked", { resource: { item_id: id } });
    await outcomes(50);
    expect(seen).toEqual(Array.from({ length: 50 }, (_, id) => id));
  });

  test("serves two accounts with one receiver, whose messages may be the same", async () => {
    const one = await startNotifications();
    const other = await startNotifications({ connection: { receiver: one.receiver } });
    await Promise.all([one.connection.ready, other.connection.ready]);
    const text = '{"type":"account.logout","timestamp":1790000000}';
    await one.mock.publishBytes(text);
    await one.outcomes(1);
    await other.mock.publishBytes(text);
    expect(await one.outcomes(2)).toEqual(["handled", "handled"]);
  });
});

describe("a handler that fails", () => {
  test("runs again until it succeeds, since InPlayer sends once", async () => {
    const attempts: number[] = [];
    const { mock, connection, outcomes, lost } = await startNotifications({}, (receiver) => {
      receiver.on("payment.card.success", (_event, { attempt }) => {
        if (attempts.push(attempt) < 2) throw new Error("The shop is shut.");
      });
    });
    await connection.ready;
    await mock.publish("payment.card.success");
    expect(await outcomes(2)).toEqual(["failed ERR_HANDLER_FAILED", "handled"]);
    expect(attempts).toEqual([1, 2]);
    expect(lost).toEqual([]);
  });

  test("for good is told of as lost, by name", async () => {
    const { mock, connection, outcomes, lost, reports } = await startNotifications(
      { connection: { retries: 0 } },
      (receiver) => {
        receiver.on("payment.card.success", () => Promise.reject(new Error("The shop is shut.")));
      },
    );
    await connection.ready;
    await mock.publish("payment.card.success");
    await outcomes(1);
    await vi.waitUntil(() => lost.length === 1, eventually);
    const { eventId, eventType } = reports[0] ?? {};
    expect(lost).toMatchObject([{ eventId, eventType, attempts: 1, error: { code: "ERR_HANDLER_FAILED" } }]);
  });
});
