import { createHmac } from "node:crypto";

import { createReceiver, toIncomingDelivery } from "@hooklatch/core";
import type { WebhookEvent } from "@hooklatch/core";
import { expect, test } from "vitest";

import { paddleEventTypes } from "./events.ts";
import { paddle } from "./paddle.ts";

const secret = "pdl_ntfset_01lamp_7Q";
const nowS = 1_790_000_000;

const h1 = (body: string, key = secret): string => createHmac("sha256", key).update(`${nowS}:${body}`).digest("hex");

const completed = {
  event_id: "evt_01lamp",
  event_type: "transaction.completed",
  occurred_at: "2026-09-21T14:13:18.987654Z",
  notification_id: "ntf_01lamp",
  data: { id: "txn_01lamp", status: "completed" },
};
const text = JSON.stringify(completed);

function receiverOf(secrets: string | readonly string[] = secret) {
  const clock = { nowMs: () => nowS * 1000, setTimer: () => () => {} };
  const receiver = createReceiver({ provider: paddle({ secrets }), clock, onOutcome: () => undefined });
  const events: WebhookEvent[] = [];
  receiver.on("*", (event) => void events.push(event));
  const post = async (body: string, header: string): Promise<string> => {
    const headers = { "content-type": "application/json", "paddle-signature": header };
    const { outcome, error } = await receiver.receive(toIncomingDelivery({ headers, body: Buffer.from(body) }));
    return error === undefined ? outcome : error.code;
  };
  return { events, post };
}

test("hands over the whole signed notification, with the time it tells", async () => {
  const { events, post } = receiverOf();
  expect(await post(text, `ts=${nowS};h1=${h1(text)}`)).toBe("handled");
  expect(events).toEqual([
    {
      id: "evt_01lamp",
      type: "transaction.completed",
      payload: completed,
      occurredAt: "2026-09-21T14:13:18.987Z",
    },
  ]);
});

test("takes the event for the same when it comes to another destination or is replayed", async () => {
  const { post } = receiverOf();
  const again = JSON.stringify({ ...completed, notification_id: "ntf_02lamp" });
  expect(await post(text, `ts=${nowS};h1=${h1(text)}`)).toBe("handled");
  expect(await post(again, `ts=${nowS};h1=${h1(again)}`)).toBe("duplicate");
});

test("accepts one good h1 among others, and ignores what it does not know", async () => {
  const other = h1(text, "pdl_ntfset_other");
  for (const header of [
    `ts=${nowS};h1=${other};h1=${h1(text)}`,
    `ts=${nowS};h1=${h1(text)};h1=${other}`,
    `ts=${nowS};h2=zz;h1=${h1(text)}`,
  ]) {
    expect(await receiverOf().post(text, header)).toBe("handled");
  }
});

test.each([
  ["two times", `ts=${nowS};ts=${nowS};h1=${h1(text)}`, "ERR_TIMESTAMP_INVALID"],
  ["no h1", `ts=${nowS};h2=${h1(text)}`, "ERR_SIGNATURE_MISSING"],
  ["commas for semicolons", `ts=${nowS},h1=${h1(text)}`, "ERR_SIGNATURE_MISSING"],
  [
    "a full stop for the colon",
    `ts=${nowS};h1=${createHmac("sha256", secret).update(`${nowS}.${text}`).digest("hex")}`,
    "ERR_SIGNATURE_MISMATCH",
  ],
])("refuses %s", async (_what, header, code) => {
  expect(await receiverOf().post(text, header)).toBe(code);
});

test.each([`pdl_live_apikey_01lamp`, `pdl_sdbx_apikey_01lamp`, `live_${"a1".repeat(13)}b`, `test_${"a1".repeat(13)}b`])(
  "refuses a key or a token of the API as the secret: %s",
  (key) => {
    expect(() => paddle({ secrets: key })).toThrow("secrets is an API key or a client-side token");
  },
);

test("lists 56 event types, each once", () => {
  expect(paddleEventTypes).toHaveLength(56);
  expect(new Set(paddleEventTypes).size).toBe(56);
});

test("says what core needs to know of Paddle", () => {
  expect(paddle({ secrets: secret, toleranceMs: 5000 })).toMatchObject({
    name: "paddle",
    body: "json",
    retryHorizonMs: 345_600_000,
    scheme: { toleranceMs: 5000 },
  });
});
