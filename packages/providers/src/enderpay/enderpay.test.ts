import { createReceiver, toIncomingDelivery } from "@hooklatch/core";
import type { Clock } from "@hooklatch/core";
import { ConfigError } from "@hooklatch/core/errors";
import { describe, expect, test } from "vitest";

import { enderpay } from "./enderpay.ts";
import type { EnderpayOptions } from "./enderpay.ts";

const secret = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
const nextSecret = "f0e1d2c3b4a5968778695a4b3c2d1e0f";
const purchase = {
  event: "STORE_PACKAGE_INITIAL",
  data: { payment: { total: "24.50" }, customer: { username: "Wren" }, package: { name: "VIP", quantity: 1 } },
};

function delivery(url = `/webhooks/enderpay/${secret}`, body: unknown = purchase, remoteAddress = "203.0.113.9") {
  const headers = { "content-type": "application/json" };
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return toIncomingDelivery({ url, headers, remoteAddress, body: Buffer.from(text) });
}

function receiverOf(options: Partial<EnderpayOptions> = {}) {
  const clock = {
    atMs: Date.UTC(2027, 0, 1),
    nowMs: (): number => clock.atMs,
    setTimer: () => () => {},
  } satisfies Clock & {
    atMs: number;
  };
  const seen: string[] = [];
  const provider = enderpay({ secrets: secret, ...options });
  const receiver = createReceiver({ provider, clock, onOutcome: () => {} });
  receiver.on("*", (event) => void seen.push(event.type));
  const outcome = async (sent = delivery()): Promise<string> => {
    const { outcome: became, error } = await receiver.receive(sent);
    return error === undefined ? became : `${became} ${error.code}`;
  };
  return { clock, outcome, seen };
}

function errorOf(options: unknown): string {
  try {
    // @ts-expect-error the types forbid most of these; JavaScript and unset environment variables do not
    enderpay(options);
  } catch (error) {
    if (error instanceof ConfigError) return `${error.code}: ${error.message}`;
  }
  return "none";
}

describe("the secret in the path", () => {
  test.each([
    [`/webhooks/enderpay/${secret}`, "handled"],
    [`/${secret}?from=enderpay`, "handled"],
    [`/webhooks/enderpay/${secret.slice(0, -1)}`, "rejected ERR_SIGNATURE_MISMATCH"],
    [`/webhooks/enderpay/${secret}0`, "rejected ERR_SIGNATURE_MISMATCH"],
    [`/webhooks/enderpay/${secret.toUpperCase()}`, "rejected ERR_SIGNATURE_MISMATCH"],
    [`/${secret}/more`, "rejected ERR_SIGNATURE_MISMATCH"],
    [`/webhooks/enderpay?secret=${secret}`, "rejected ERR_SIGNATURE_MISMATCH"],
    [`/webhooks/enderpay/`, "rejected ERR_SIGNATURE_MISSING"],
  ])("%s: %s", async (url, expected) => expect(await receiverOf().outcome(delivery(url))).toBe(expected));

  test("is refused with any one character changed or missing at the end", async () => {
    const { outcome } = receiverOf();
    for (let index = 0; index < secret.length; index++) {
      const other = secret[index] === "0" ? "1" : "0";
      const changed = secret.slice(0, index) + other + secret.slice(index + 1);
      expect(await outcome(delivery(`/${changed}`))).toBe("rejected ERR_SIGNATURE_MISMATCH");
      expect(await outcome(delivery(`/${secret.slice(0, index)}`))).toMatch(/^rejected ERR_SIGNATURE_M/);
    }
  });
});

test.each([
  [`/hook?token=${secret}`, "handled"],
  [`/hook?a=b&token=${secret}`, "handled"],
  [`/hook?token=${nextSecret}`, "rejected ERR_SIGNATURE_MISMATCH"],
  [`/hook?token=${secret}&token=${secret}`, "rejected ERR_SIGNATURE_MISSING"],
  [`/hook?Token=${secret}`, "rejected ERR_SIGNATURE_MISSING"],
  [`/${secret}`, "rejected ERR_SIGNATURE_MISSING"],
])("finds a secret in the query: %s: %s", async (url, expected) => {
  expect(await receiverOf({ secretIn: { in: "query", name: "token" } }).outcome(delivery(url))).toBe(expected);
});

test.each([
  ["the new one first", [nextSecret, secret]],
  ["the old one first", [secret, nextSecret]],
  ["fetched", async () => [nextSecret, secret]],
])("takes both secrets while they are changed: %s", async (_how, secrets) => {
  const { outcome } = receiverOf({ secrets, windowMs: 1 });
  expect(await outcome()).toBe("handled");
  expect(await outcome(delivery(`/${nextSecret}`, { ...purchase, data: {} }))).toBe("handled");
  expect(await outcome(delivery("/some-other-secret-of-32-characters"))).toBe("rejected ERR_SIGNATURE_MISMATCH");
});

describe("a list of addresses", () => {
  const addresses = ["203.0.113.0/28", "2001:db8::7"];

  test.each([
    ["203.0.113.9", secret, "handled"],
    ["::ffff:203.0.113.9", secret, "handled"],
    ["2001:db8::7", secret, "handled"],
    ["203.0.113.16", secret, "rejected ERR_ADDRESS_NOT_ALLOWED"],
    ["203.0.113.9", nextSecret, "rejected ERR_SIGNATURE_MISMATCH"],
    // From elsewhere a right secret and a wrong one are answered alike.
    ["203.0.113.16", nextSecret, "rejected ERR_ADDRESS_NOT_ALLOWED"],
  ])("from %s with %s: %s", async (address, given, expected) => {
    expect(await receiverOf({ addresses }).outcome(delivery(`/${given}`, purchase, address))).toBe(expected);
  });

  test("believes a header of a proxy only when it is told to", async () => {
    const behindProxy = {
      ...delivery(),
      remoteAddress: "10.0.0.1",
      headerValues: headersOf({ "x-real-ip": "203.0.113.9" }),
    };
    expect(await receiverOf({ addresses }).outcome(behindProxy)).toBe("rejected ERR_ADDRESS_NOT_ALLOWED");
    const told = receiverOf({ addresses, clientAddress: (sent) => sent.header("x-real-ip") });
    expect(await told.outcome(behindProxy)).toBe("handled");
  });
});

function headersOf(headers: Readonly<Record<string, string>>) {
  const all: Readonly<Record<string, string>> = { "content-type": "application/json", ...headers };
  return (name: string): readonly string[] => (all[name] === undefined ? [] : [all[name]]);
}

test("takes the same purchase within two minutes for a redelivery, and after them for another purchase", async () => {
  const { clock, outcome, seen } = receiverOf();
  expect(await outcome()).toBe("handled");
  clock.atMs += 119_999;
  expect(await outcome()).toBe("duplicate");
  clock.atMs += 1;
  expect(await outcome()).toBe("handled");
  expect(seen).toHaveLength(2);
});

test("takes the window from its options", async () => {
  const { clock, outcome } = receiverOf({ windowMs: 10_000 });
  await outcome();
  clock.atMs += 9_999;
  expect(await outcome()).toBe("duplicate");
  clock.atMs += 1;
  expect(await outcome()).toBe("handled");
});

test.each([
  ['"text"', "ERR_BODY_NOT_OBJECT"],
  ["null", "ERR_BODY_NOT_OBJECT"],
  ["[]", "ERR_BODY_NOT_OBJECT"],
  ["1", "ERR_BODY_NOT_OBJECT"],
  ["", "ERR_BODY_MALFORMED"],
  ["{", "ERR_BODY_MALFORMED"],
  ["{}", "ERR_EVENT_UNREADABLE"],
  ['{"event":"STORE_LOGIN_SUCCESSFUL"}', "ERR_EVENT_UNREADABLE"],
  ['{"data":{}}', "ERR_EVENT_TYPE_INVALID"],
  ['{"event":"","data":{}}', "ERR_EVENT_TYPE_INVALID"],
  ['{"event":{},"data":{}}', "ERR_EVENT_TYPE_INVALID"],
])("refuses the body %s: %s", async (body, code) => {
  expect(await receiverOf().outcome(delivery(`/${secret}`, body))).toBe(`rejected ${code}`);
});

test("says what core needs to know of Enderpay", () => {
  const provider = enderpay({ secrets: secret, windowMs: 5000 });
  expect(provider).toMatchObject({ name: "enderpay", body: "json", maxBodyBytes: 65_536, retryHorizonMs: 5000 });
  expect(provider.scheme.headers).toEqual([]);
  expect(enderpay({ secrets: secret, maxBodyBytes: 2048 }).maxBodyBytes).toBe(2048);
});

test.each([
  [{}, "ERR_SECRET_MISSING: secrets is undefined; did you set ENDERPAY_SECRET?"],
  [{ secrets: "" }, "ERR_SECRET_MISSING: secrets is blank; did you set ENDERPAY_SECRET?"],
  [{ secrets: [] }, "ERR_SECRET_MISSING: secrets is an empty list"],
  [{ secrets: "short" }, "ERR_OPTION_INVALID"],
  [{ secrets: secret, secretIn: { in: "header", name: "x-secret" } }, "ERR_OPTION_INVALID: enderpay: secretIn.in"],
  [{ secrets: secret, secretIn: { in: "query" } }, "ERR_OPTION_INVALID"],
  [{ secrets: secret, addresses: undefined }, "ERR_OPTION_INVALID: enderpay: addresses is undefined"],
  [{ secrets: secret, addresses: [] }, "ERR_OPTION_INVALID"],
  [{ secrets: secret, addresses: ["enderpay.com"] }, "ERR_OPTION_INVALID"],
  [{ secrets: secret, windowMs: 86_400_001 }, "ERR_OPTION_INVALID: enderpay: windowMs"],
])("refuses at start-up: %j", (options, message) => expect(errorOf(options)).toContain(message));
