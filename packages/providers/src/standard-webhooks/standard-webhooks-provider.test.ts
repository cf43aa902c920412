import { createHmac } from "node:crypto";

import { createReceiver, toIncomingDelivery } from "@hooklatch/core";
import type { Provider } from "@hooklatch/core";
import { ConfigError } from "@hooklatch/core/errors";
import { describe, expect, test } from "vitest";
import { z } from "zod";

import { standardWebhooksProvider } from "./standard-webhooks-provider.ts";
import type { StandardWebhooksProviderOptions } from "./standard-webhooks-provider.ts";

const atMs = Date.UTC(2026, 4, 6, 7, 8, 9);
const clock = { nowMs: () => atMs, setTimer: () => () => {} };
const key = Buffer.from("a secret of twenty-nine bytes");
const secrets = `whsec_${key.toString("base64")}`;
const name = "acme";

interface Sent {
  readonly id?: string;
  readonly prefix?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A delivery as the standard says, signed with nothing but `createHmac`. */
function delivery(body: unknown, { id = "msg_1", prefix = "webhook", headers = {} }: Sent = {}) {
  const bytes = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  const time = String(atMs / 1000);
  const signature = createHmac("sha256", key).update(`${id}.${time}.`).update(bytes).digest("base64");
  return toIncomingDelivery({
    headers: {
      "content-type": "application/json",
      [`${prefix}-id`]: id,
      [`${prefix}-timestamp`]: time,
      [`${prefix}-signature`]: `v1,${signature}`,
      ...headers,
    },
    body: bytes,
  });
}

async function receive(provider: Provider<unknown>, ...sent: Parameters<typeof delivery>) {
  const receiver = createReceiver({ provider, clock, onOutcome: () => {} });
  receiver.on("*", () => {});
  const { outcome, error, event } = await receiver.receive(delivery(...sent));
  return { outcome: error?.code ?? outcome, event };
}

const body = { type: "user.created", timestamp: "2026-05-06T09:08:07.5+02:00", data: { name: "Mei" }, id: "other" };

test("reads the event as the standard recommends: the id from its signed header, the rest from the body", async () => {
  const { outcome, event } = await receive(standardWebhooksProvider({ name, secrets }), body);
  expect(outcome).toBe("handled");
  expect(event).toEqual({
    id: "msg_1",
    type: "user.created",
    payload: { name: "Mei" },
    occurredAt: "2026-05-06T07:08:07.500Z",
  });
});

test("leaves the time out where the body has none, for the header's is the attempt's own", async () => {
  const { event } = await receive(standardWebhooksProvider({ name, secrets }), { ...body, timestamp: undefined });
  expect(event).not.toHaveProperty("occurredAt");
});

test("reads another platform's body by locators", async () => {
  const provider = standardWebhooksProvider({
    name,
    secrets,
    type: "eventType",
    payload: (all) => all,
    occurredAt: { at: "meta.at", unit: "milliseconds" },
    maxBodyBytes: 5_000,
    retryHorizonMs: 6_000,
  });
  const other = { eventType: "user.created", meta: { at: atMs } };
  const { event } = await receive(provider, other);
  expect(event).toMatchObject({ type: "user.created", payload: other, occurredAt: "2026-05-06T07:08:09.000Z" });
  expect(provider).toMatchObject({ name, maxBodyBytes: 5_000, retryHorizonMs: 6_000 });
});

test("keeps ids longer than the schedule of the standard lasts", () => {
  const hours = [5 / 3600, 5 / 60, 0.5, 2, 5, 10, 14, 20, 24].reduce((sum, next) => sum + next);
  expect(standardWebhooksProvider({ name, secrets }).retryHorizonMs).toBeGreaterThan(hours * 3_600_000);
});

describe("the event id", () => {
  test.each(["svix", "either"] as const)("is svix-id where the headers are %s", async (headers) => {
    const provider = standardWebhooksProvider({ name, secrets, headers });
    expect((await receive(provider, body, { prefix: "svix", id: "msg_2" })).event?.id).toBe("msg_2");
  });

  test("is webhook-id where either is taken", async () => {
    const provider = standardWebhooksProvider({ name, secrets, headers: "either" });
    expect((await receive(provider, body)).event?.id).toBe("msg_1");
  });

  test("is never one that is not signed: a second id beside the signed one is refused or not looked at", async () => {
    const forged = { headers: { "webhook-id": "msg_forged" }, prefix: "svix" };
    const either = standardWebhooksProvider({ name, secrets, headers: "either" });
    expect((await receive(either, body, forged)).outcome).toBe("ERR_SIGNATURE_MALFORMED");
    const svix = standardWebhooksProvider({ name, secrets, headers: "svix" });
    expect((await receive(svix, body, forged)).event?.id).toBe("msg_1");
  });

  test("makes a message that is sent again a duplicate, and one with another id none", async () => {
    const receiver = createReceiver({ provider: standardWebhooksProvider({ name, secrets }), clock });
    receiver.on("*", () => {});
    const outcomes = [];
    for (const id of ["msg_1", "msg_1", "msg_2"])
      outcomes.push((await receiver.receive(delivery(body, { id }))).outcome);
    expect(outcomes).toEqual(["handled", "duplicate", "handled"]);
  });
});

test.each([
  ["{}", "ERR_EVENT_TYPE_INVALID"],
  ['{"type":5}', "ERR_EVENT_TYPE_INVALID"],
  ["[]", "ERR_BODY_NOT_OBJECT"],
  ["null", "ERR_BODY_NOT_OBJECT"],
  ["1", "ERR_BODY_NOT_OBJECT"],
  ['"text"', "ERR_BODY_NOT_OBJECT"],
  ["", "ERR_BODY_MALFORMED"],
])("refuses the signed body %j", async (text, code) => {
  expect((await receive(standardWebhooksProvider({ name, secrets }), text)).outcome).toBe(code);
});

test("checks payloads by the schemas it is given", async () => {
  const events = { "user.created": z.object({ name: z.string().transform((text) => text.toUpperCase()) }) };
  const receiver = createReceiver({
    provider: standardWebhooksProvider({ name, secrets, events }),
    clock,
    onOutcome: () => {},
  });
  const seen: string[] = [];
  receiver.on("user.created", ({ payload }) => void seen.push(payload.name));
  await receiver.receive(delivery(body));
  expect(seen).toEqual(["MEI"]);
  const bad = delivery({ ...body, data: {} }, { id: "msg_2" });
  expect(await receiver.receive(bad)).toMatchObject({ outcome: "invalid", error: { code: "ERR_PAYLOAD_INVALID" } });
});

describe("at the start", () => {
  test.each([
    ["neither", {}],
    ["secrets is missing", { secrets: undefined }],
    ["secrets is missing", { secrets: null }],
    ["secrets is missing", { secrets: " " }],
    ["secrets is missing", { secrets: "whsec_" }],
    ["secrets[1] is missing", { secrets: [secrets, undefined] }],
    ["secrets is an empty list", { secrets: [] }],
    ["publicKeys is missing", { publicKeys: "whpk_" }],
    ["publicKeys is missing", { secrets, publicKeys: undefined }],
  ])("a missing secret is named with its usual variable: %s in %j", (what, keys: object) => {
    // What a program without types, or an unset environment variable, hands over.
    const options = { name: "acme-pay", ...keys } as StandardWebhooksProviderOptions;
    const error = caught(() => standardWebhooksProvider(options));
    expect(error).toMatchObject({ code: "ERR_SECRET_MISSING" });
    expect(error.message).toContain(what);
    expect(error.message).toContain("ACME_PAY_WEBHOOK_SECRET");
  });

  test("a secret or a name that cannot work is refused", () => {
    expect(caught(() => standardWebhooksProvider({ name, secrets: "whsec_!" })).code).toBe("ERR_KEY_INVALID");
    expect(caught(() => standardWebhooksProvider({ name: "Acme", secrets })).code).toBe("ERR_OPTION_INVALID");
    // What a program without types hands over.
    const unnamed = { secrets } as StandardWebhooksProviderOptions;
    expect(caught(() => standardWebhooksProvider(unnamed)).code).toBe("ERR_OPTION_INVALID");
  });

  test("a secret that is missing together with the name is still told as such", () => {
    // What a program without types hands over.
    expect(caught(() => standardWebhooksProvider({} as StandardWebhooksProviderOptions)).code).toBe(
      "ERR_SECRET_MISSING",
    );
  });

  test("a resolver is asked later", () => {
    expect(() => standardWebhooksProvider({ name, secrets: async () => secrets })).not.toThrow();
  });
});

function caught(run: () => unknown): ConfigError {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error("It threw nothing.");
}
