import { createHmac, generateKeyPairSync, sign } from "node:crypto";

import { createReceiver, toIncomingDelivery } from "@hooklatch/core";
import type { Provider } from "@hooklatch/core";
import { ConfigError } from "@hooklatch/core/errors";
import { describe, expect, test } from "vitest";

import { chipSend } from "./chip-send/index.ts";
import { chip } from "./chip/index.ts";
import { cleeng } from "./cleeng/index.ts";
import { github } from "./github/index.ts";
import { inplayer } from "./inplayer/index.ts";
import type { OtherKeys } from "./other-keys.ts";
import { paddle } from "./paddle/index.ts";
import { shopify } from "./shopify/index.ts";
import { slack } from "./slack/index.ts";
import { standardWebhooksProvider } from "./standard-webhooks/index.ts";
import { stripe } from "./stripe/index.ts";

type Headers = Readonly<Record<string, string>>;

/** Something to sign with, and how the receiver is told of it. */
interface SigningKey {
  readonly text: string;
  readonly sign: (content: string, hash?: string) => Buffer;
}

interface Platform {
  readonly name: string;
  readonly provider: (key: string, options: { readonly otherKeys?: OtherKeys }) => Provider<unknown>;
  readonly keys: readonly [own: SigningKey, other: SigningKey, foreign: SigningKey];
  readonly headersOf: (body: string, key: SigningKey) => Headers;
  readonly contentType?: string;
}

const time = "1760000000";
const clock = { nowMs: () => Number(time) * 1000, setTimer: () => () => {} };

function secretOf(text: string, bytes: string | Uint8Array = text): SigningKey {
  return { text, sign: (content, hash = "sha256") => createHmac(hash, bytes).update(content).digest() };
}

function standardSecretOf(text: string): SigningKey {
  return secretOf(`whsec_${Buffer.from(text).toString("base64")}`, Buffer.from(text));
}

function pairOf(): SigningKey {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const text = publicKey.export({ type: "spki", format: "pem" }).toString();
  return { text, sign: (content, hash = "sha256") => sign(hash, Buffer.from(content), privateKey) };
}

const texts = ["4c6a616d70-own-secret", "5d7b727e81-other-secret", "6e8c838f92-foreign-secret"] as const;
const secrets = [secretOf(texts[0]), secretOf(texts[1]), secretOf(texts[2])] as const;
const standardSecrets = [standardSecretOf(texts[0]), standardSecretOf(texts[1]), standardSecretOf(texts[2])] as const;
const pairs = [pairOf(), pairOf(), pairOf()] as const;

const platforms: readonly Platform[] = [
  {
    name: "stripe",
    provider: (key, options) => stripe({ secrets: key, ...options }),
    keys: secrets,
    headersOf: (body, key) => ({ "stripe-signature": `t=${time},v1=${key.sign(`${time}.${body}`).toString("hex")}` }),
  },
  {
    name: "github",
    provider: (key, options) => github({ secrets: key, ...options }),
    keys: secrets,
    headersOf: (body, key) => ({ "x-hub-signature-256": `sha256=${key.sign(body).toString("hex")}` }),
  },
  {
    name: "shopify",
    provider: (key, options) => shopify({ secrets: key, ...options }),
    keys: secrets,
    headersOf: (body, key) => ({ "x-shopify-hmac-sha256": key.sign(body).toString("base64") }),
  },
  {
    name: "paddle",
    provider: (key, options) => paddle({ secrets: key, ...options }),
    keys: secrets,
    headersOf: (body, key) => ({ "paddle-signature": `ts=${time};h1=${key.sign(`${time}:${body}`).toString("hex")}` }),
  },
  {
    name: "slack",
    provider: (key, options) => slack({ secrets: key, ...options }),
    keys: secrets,
    headersOf: (body, key) => ({
      "x-slack-request-timestamp": time,
      "x-slack-signature": `v0=${key.sign(`v0:${time}:${body}`).toString("hex")}`,
    }),
  },
  {
    name: "cleeng",
    provider: (key, options) =>
      cleeng({ secrets: key, signature: { header: "x-our-signature", encoding: "hex" }, ...options }),
    keys: secrets,
    headersOf: (body, key) => ({ "x-our-signature": key.sign(body).toString("hex") }),
  },
  {
    name: "inplayer",
    provider: (key, options) => inplayer({ secrets: key, ...options }),
    keys: secrets,
    headersOf: (body, key) => ({ "x-inplayer-signature": `sha256=${key.sign(body).toString("hex")}` }),
    contentType: "application/x-www-form-urlencoded",
  },
  {
    name: "standard-webhooks",
    provider: (key, options) => standardWebhooksProvider({ name: "acme", secrets: key, ...options }),
    keys: standardSecrets,
    headersOf: (body, key) => ({
      "webhook-id": "msg_1",
      "webhook-timestamp": time,
      "webhook-signature": `v1,${key.sign(`msg_1.${time}.${body}`).toString("base64")}`,
    }),
  },
  {
    name: "chip",
    provider: (key, options) => chip({ publicKey: key, ...options }),
    keys: pairs,
    headersOf: (body, key) => ({ "x-signature": key.sign(body).toString("base64") }),
  },
  {
    name: "chip-send",
    provider: (key, options) => chipSend({ publicKey: key, ...options }),
    keys: pairs,
    headersOf: (body, key) => ({
      "event-type": "bank_account_status",
      "x-signature": key.sign(body, "sha512").toString("base64"),
    }),
  },
];

const body = '{"id":"evt_1","type":"lamp.lit"}';

async function receive(provider: Provider<unknown>, headers: Headers, contentType = "application/json") {
  const receiver = createReceiver({ provider, clock, onOutcome: () => undefined });
  const seen: unknown[] = [];
  receiver.on("*", (event) => void seen.push(event));
  const sent = { headers: { "content-type": contentType, ...headers }, body: Buffer.from(body) };
  const { outcome, reply, explain } = await receiver.receive(toIncomingDelivery(sent));
  return { outcome, status: reply.status, seen, diagnosis: await explain?.() };
}

function errorOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return error instanceof ConfigError ? `${error.code}: ${error.message}` : String(error);
  }
  return "nothing was thrown";
}

describe.each(platforms)("the other keys of $name", ({ provider, keys, headersOf, contentType }) => {
  const [own, other, foreign] = keys;
  const made = provider(own.text, { otherKeys: { "another shop": own.text, "test mode": other.text } });

  test("are refused like anybody's, and the explanation names which it was and nothing of the key", async () => {
    const headers = headersOf(body, other);
    const { outcome, status, seen, diagnosis } = await receive(made, headers, contentType);
    expect([outcome, status, seen]).toEqual(["rejected", 401, []]);
    expect(diagnosis).toMatchObject({ cause: "other-key", message: expect.stringContaining('"test mode"') });
    const pem = other.text.split("\n")[1] ?? "";
    const signatures = Object.values(headers).filter((value) => value.length > 20);
    for (const hidden of [other.text, pem, own.text, ...signatures].filter((text) => text !== "")) {
      expect(diagnosis?.message).not.toContain(hidden);
    }
  });

  test("are not named for what somebody else signed", async () => {
    const { status, diagnosis } = await receive(made, headersOf(body, foreign), contentType);
    expect([status, diagnosis?.cause]).toEqual([401, "unknown"]);
  });

  test.each([
    [{ "test mode": undefined }, 'ERR_SECRET_MISSING: otherKeys["test mode"] is undefined'],
    [{ "test mode": " \n" }, 'ERR_SECRET_MISSING: otherKeys["test mode"] is blank'],
    [{ "test mode": 7 }, 'ERR_KEY_INVALID: otherKeys["test mode"] is not a text'],
    [["a key"], "ERR_OPTION_INVALID: otherKeys must be an object"],
    [null, "ERR_OPTION_INVALID: otherKeys must be an object"],
  ])("are refused at the start as %j", (otherKeys, message) => {
    // What a program without types, or an environment variable that is not set, hands over.
    expect(errorOf(() => provider(own.text, { otherKeys: otherKeys as unknown as OtherKeys }))).toContain(message);
  });
});

test("of a platform whose secrets are easily mistaken are held to the same", () => {
  const otherKeys = { "test mode": "sk_test_1" };
  expect(errorOf(() => stripe({ secrets: texts[0], otherKeys }))).toContain(
    'otherKeys["test mode"] is a key of Stripe',
  );
});
