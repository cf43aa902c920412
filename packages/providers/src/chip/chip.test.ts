import { generateKeyPairSync, sign } from "node:crypto";

import { createReceiver, toIncomingDelivery } from "@hooklatch/core";
import type { OutcomeReport, Receiver } from "@hooklatch/core";
import { ConfigError } from "@hooklatch/core/errors";
import { expect, test } from "vitest";

import { chip } from "./chip.ts";
import type { ChipOptions } from "./chip.ts";
import { chipEventTypes } from "./events.ts";
import type { ChipEvents } from "./events.ts";

const [webhookKey, companyKey, otherKey] = [makeKey(), makeKey(), makeKey()];

function makeKey() {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { pem: publicKey.export({ type: "spki", format: "pem" }).toString(), privateKey };
}

type Key = typeof webhookKey;

const hold = {
  id: "0b7f6a52-1c83-4e0d-8a57-52b6c1d90e34",
  type: "purchase",
  event_type: "purchase.hold",
  status: "hold",
  updated_on: 1761004800,
};

function delivery(body: unknown, key: Key, change: { readonly body?: string } = {}) {
  const text = JSON.stringify(body);
  const signature = sign("sha256", Buffer.from(text), key.privateKey).toString("base64");
  return toIncomingDelivery({
    headers: { "content-type": "application/json", "x-signature": signature },
    body: Buffer.from(change.body ?? text),
  });
}

/** A receiver on a clock that only the test moves. */
function receiverOf(options: ChipOptions) {
  const reports: OutcomeReport[] = [];
  const clock = { atMs: 1761004800_000, nowMs: () => clock.atMs, setTimer: () => () => {} };
  const receiver = createReceiver({ provider: chip(options), clock, onOutcome: (report) => void reports.push(report) });
  const seen: string[] = [];
  receiver.on("*", ({ id }) => void seen.push(id));
  return { receiver, clock, seen, reports };
}

async function outcomeOf(receiver: Receiver<ChipEvents>, body: unknown, key: Key): Promise<string> {
  const { outcome, error } = await receiver.receive(delivery(body, key));
  return error === undefined ? outcome : `${outcome} ${error.code}`;
}

/** CHIP's API as it answers today; the test changes what that is. */
function fakeApi() {
  const api = {
    calls: 0,
    status: 200,
    key: companyKey.pem,
    fetch: async () => {
      api.calls += 1;
      return Response.json(api.key, { status: api.status });
    },
  };
  return api;
}

function errorOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return error instanceof ConfigError ? `${error.code}: ${error.message}` : String(error);
  }
  return "nothing was thrown";
}

test("handles a webhook signed with the registered key and hands its payload over", async () => {
  const { receiver } = receiverOf({ publicKey: webhookKey.pem });
  const handled: unknown[] = [];
  receiver.on("purchase.hold", ({ id, payload, occurredAt }) => void handled.push([id, payload.status, occurredAt]));
  expect(await outcomeOf(receiver, hold, webhookKey)).toBe("handled");
  expect(handled).toEqual([
    ["0b7f6a52-1c83-4e0d-8a57-52b6c1d90e34/purchase.hold/1761004800", "hold", "2025-10-21T00:00:00.000Z"],
  ]);
});

test("refuses another key, a changed body and a body written anew", async () => {
  const { receiver, seen } = receiverOf({ publicKey: webhookKey.pem });
  expect(await outcomeOf(receiver, hold, otherKey)).toBe("rejected ERR_SIGNATURE_MISMATCH");
  for (const body of [JSON.stringify({ ...hold, status: "paid" }), JSON.stringify(hold, undefined, 1)]) {
    const { outcome } = await receiver.receive(delivery(hold, webhookKey, { body }));
    expect(outcome).toBe("rejected");
  }
  expect(seen).toEqual([]);
});

test("takes a redelivery for the event it repeats, and two events of one object for two", async () => {
  const { receiver, seen } = receiverOf({ publicKey: webhookKey.pem });
  const outcomes: string[] = [];
  for (const body of [hold, hold, { ...hold, event_type: "purchase.captured" }, { ...hold, updated_on: 1761004801 }]) {
    outcomes.push(await outcomeOf(receiver, body, webhookKey));
  }
  expect(outcomes).toEqual(["handled", "duplicate", "handled", "handled"]);
  expect(new Set(seen).size).toBe(3);
});

test.each(chipEventTypes)("routes %s", async (type) => {
  const { receiver } = receiverOf({ publicKey: webhookKey.pem });
  const handled: string[] = [];
  receiver.on(type, (event) => void handled.push(event.type));
  expect(await outcomeOf(receiver, { ...hold, event_type: type }, webhookKey)).toBe("handled");
  expect(handled).toEqual([type]);
});

test("accepts a key whose line breaks are written as \\n", async () => {
  const { receiver } = receiverOf({ publicKey: webhookKey.pem.trim().replaceAll("\n", String.raw`\n`) });
  expect(await outcomeOf(receiver, hold, webhookKey)).toBe("handled");
});

test.each([
  ["the old key first", [otherKey.pem, webhookKey.pem]],
  ["the new key first", [webhookKey.pem, otherKey.pem]],
  ["one key fetched", [otherKey.pem, async () => webhookKey.pem]],
])("accepts either of several keys, %s", async (_, publicKey) => {
  const { receiver } = receiverOf({ publicKey });
  expect(await outcomeOf(receiver, hold, webhookKey)).toBe("handled");
  expect(await outcomeOf(receiver, { ...hold, updated_on: 1 }, otherKey)).toBe("handled");
  expect(await outcomeOf(receiver, { ...hold, updated_on: 2 }, companyKey)).toMatch(/^rejected/);
});

test("handles a success callback without event_type, and its webhook as a duplicate", async () => {
  const { receiver, seen } = receiverOf({
    publicKey: webhookKey.pem,
    companyKey: { token: "sk_test", fetch: fakeApi().fetch },
  });
  const paid = { ...hold, event_type: "purchase.paid", status: "paid" };
  const { event_type: _, ...callback } = paid;
  expect(await outcomeOf(receiver, callback, companyKey)).toBe("handled");
  expect(await outcomeOf(receiver, paid, webhookKey)).toBe("duplicate");
  expect(seen).toEqual([`${hold.id}/purchase.paid/${hold.updated_on}`]);
});

test("fetches the company key once and keeps it for cacheMs", async () => {
  const api = fakeApi();
  const { receiver, clock } = receiverOf({ companyKey: { token: "sk_test", fetch: api.fetch, cacheMs: 60_000 } });
  for (const [passedMs, calls] of [
    [0, 1],
    [59_999, 1],
    [1, 2],
  ] as const) {
    clock.atMs += passedMs;
    expect(await outcomeOf(receiver, { ...hold, updated_on: clock.atMs }, companyKey)).toBe("handled");
    expect(api.calls).toBe(calls);
  }
});

test("asks CHIP for nothing while a registered key fits", async () => {
  const api = fakeApi();
  const { receiver } = receiverOf({ publicKey: webhookKey.pem, companyKey: { token: "sk_test", fetch: api.fetch } });
  expect(await outcomeOf(receiver, hold, webhookKey)).toBe("handled");
  expect(api.calls).toBe(0);
});

test("fetches a changed company key when a signature fails, but not again during the cooldown", async () => {
  const api = fakeApi();
  const { receiver, clock } = receiverOf({
    companyKey: { token: "sk_test", fetch: api.fetch, cacheMs: 3_600_000, refreshCooldownMs: 30_000 },
  });
  await outcomeOf(receiver, hold, companyKey);
  api.key = otherKey.pem;
  const changed = { ...hold, updated_on: 1761004801 };

  expect(await outcomeOf(receiver, changed, otherKey)).toBe("rejected ERR_SIGNATURE_MISMATCH");
  expect(api.calls).toBe(1);
  clock.atMs += 30_000;
  expect(await outcomeOf(receiver, changed, otherKey)).toBe("handled");
  expect(api.calls).toBe(2);
  for (let forgery = 0; forgery < 5; forgery += 1) await outcomeOf(receiver, hold, webhookKey);
  expect(api.calls).toBe(2);
});

test("answers 503 while the company key cannot be fetched, and handles the redelivery", async () => {
  const api = fakeApi();
  const { receiver, clock, reports } = receiverOf({ companyKey: { token: "sk_secret", fetch: api.fetch } });
  api.status = 401;
  const { outcome, reply, error } = await receiver.receive(delivery(hold, companyKey));
  expect([outcome, reply.status, error?.code]).toEqual(["unavailable", 503, "ERR_KEY_SOURCE_UNAVAILABLE"]);
  expect(String(error?.cause)).toContain("Check companyKey.token");
  expect(JSON.stringify([reply, reports, error?.message, error?.stack, String(error?.cause)])).not.toContain(
    "sk_secret",
  );

  api.status = 200;
  clock.atMs += 120_000;
  expect(await outcomeOf(receiver, hold, companyKey)).toBe("handled");
});

test.each([
  [{}, "ERR_SECRET_MISSING: publicKey is undefined; did you set CHIP_PUBLIC_KEY?"],
  [{ publicKey: undefined }, "ERR_SECRET_MISSING: publicKey is undefined; did you set CHIP_PUBLIC_KEY?"],
  [{ publicKey: undefined, companyKey: { token: "sk" } }, "ERR_SECRET_MISSING: publicKey is undefined"],
  [{ publicKey: null }, "ERR_SECRET_MISSING: publicKey is null"],
  [{ publicKey: "" }, "ERR_SECRET_MISSING: publicKey is blank"],
  [{ publicKey: " \n" }, "ERR_SECRET_MISSING: publicKey is blank"],
  [{ publicKey: [] }, "ERR_SECRET_MISSING: publicKey is an empty list"],
  [{ publicKey: [webhookKey.pem, undefined] }, "ERR_SECRET_MISSING: publicKey[1] is undefined"],
  [{ publicKey: 12 }, "ERR_KEY_INVALID: publicKey is neither"],
  [{ publicKey: "not a key" }, "ERR_KEY_INVALID"],
  [
    { companyKey: { token: undefined } },
    "ERR_SECRET_MISSING: companyKey.token is undefined; did you set CHIP_SECRET_KEY?",
  ],
  [{ companyKey: { token: "" } }, "ERR_SECRET_MISSING: companyKey.token is blank"],
])("refuses at start-up: %j", (options, message) => {
  // @ts-expect-error the types forbid most of these; JavaScript and unset environment variables do not
  expect(errorOf(() => chip(options))).toContain(message);
});

test("says what core needs to know of CHIP", () => {
  const provider = chip({ publicKey: webhookKey.pem, maxBodyBytes: 2048 });
  expect(provider).toMatchObject({ name: "chip", body: "json", maxBodyBytes: 2048, retryHorizonMs: 172_800_000 });
  expect(provider.scheme.headers).toEqual(["x-signature"]);
  expect(chip({ publicKey: webhookKey.pem }).maxBodyBytes).toBe(1_048_576);
});

test("holds payloads against the schemas it is given", async () => {
  const schema = {
    "~standard": {
      version: 1,
      vendor: "test",
      validate: () => ({ issues: [{ message: "never right" }] }),
    },
  } as const;
  const { receiver, seen } = receiverOf({ publicKey: webhookKey.pem, schemas: { "purchase.hold": schema } });
  expect(await outcomeOf(receiver, hold, webhookKey)).toBe("invalid ERR_PAYLOAD_INVALID");
  expect(seen).toEqual([]);
});

test("tells a delivery signed with another known key from a forged one, and accepts neither", async () => {
  const { receiver, seen } = receiverOf({ publicKey: webhookKey.pem, otherKeys: { "test mode": companyKey.pem } });
  const [other, forged] = [
    await receiver.receive(delivery(hold, companyKey)),
    await receiver.receive(delivery(hold, otherKey)),
  ];
  expect([other.outcome, forged.outcome, seen]).toEqual(["rejected", "rejected", []]);
  expect(await other.explain?.()).toMatchObject({
    cause: "other-key",
    message: expect.stringContaining('"test mode"'),
  });
  expect(await forged.explain?.()).toMatchObject({ cause: "unknown" });
});
