import { createHmac } from "node:crypto";

import { createReceiver, toIncomingDelivery } from "@hooklatch/core";
import { ConfigError } from "@hooklatch/core/errors";
import { expect, test } from "vitest";

import { cleeng } from "./cleeng.ts";
import type { CleengOptions } from "./cleeng.ts";

const secret = "a secret of Cleeng's, 32 bytes.";
const nextSecret = "the secret that follows after it";
const signature = { header: "X-Our-Signature", encoding: "base64", prefix: "v1=" } as const;
const body = { broadcasterId: 7001, topic: "passCreated", data: { passId: "880001" } };

function delivery(key = secret, headers: Record<string, string> = {}) {
  const text = JSON.stringify(body);
  const digest = createHmac("sha256", key).update(text).digest("base64");
  return toIncomingDelivery({
    headers: { "content-type": "application/json", "x-our-signature": `v1=${digest}`, ...headers },
    body: Buffer.from(text),
  });
}

async function outcomeOf(options: Partial<CleengOptions>, sent = delivery()): Promise<string> {
  const receiver = createReceiver({
    provider: cleeng({ secrets: secret, signature, ...options }),
    onOutcome: () => {},
  });
  receiver.on("*", () => {});
  const { outcome, error } = await receiver.receive(sent);
  return error === undefined ? outcome : `${outcome} ${error.code}`;
}

function errorOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError) return `${error.code}: ${error.message}`;
  }
  return "none";
}

test("takes what is signed as the options say", async () => {
  expect(await outcomeOf({})).toBe("handled");
  expect(await outcomeOf({}, delivery("somebody else's secret"))).toBe("rejected ERR_SIGNATURE_MISMATCH");
});

test.each([
  [{ header: "x-other", encoding: "base64", prefix: "v1=" }, "ERR_SIGNATURE_MISSING"],
  [{ ...signature, encoding: "hex" }, "ERR_SIGNATURE_MALFORMED"],
  [{ ...signature, prefix: "sha256=" }, "ERR_SIGNATURE_MALFORMED"],
  [{ ...signature, content: "{header:x-time}.{body}" }, "ERR_SIGNATURE_MISSING"],
] as const)("refuses what is signed another way than %j", async (other, code) => {
  expect(await outcomeOf({ signature: other })).toBe(`rejected ${code}`);
});

test("takes another signed content when it is told", async () => {
  const text = JSON.stringify(body);
  const digest = createHmac("sha256", secret).update(`noon.${text}`).digest("base64");
  const sent = delivery(secret, { "x-time": "noon", "x-our-signature": `v1=${digest}` });
  expect(await outcomeOf({ signature: { ...signature, content: "{header:x-time}.{body}" } }, sent)).toBe("handled");
});

test.each([
  ["the new secret first", [nextSecret, secret]],
  ["the old secret first", [secret, nextSecret]],
  ["a function that fetches both", async () => [nextSecret, secret]],
])("takes both secrets during rotation: %s", async (_how, secrets) => {
  expect(await outcomeOf({ secrets })).toBe("handled");
  expect(await outcomeOf({ secrets }, delivery(nextSecret))).toBe("handled");
  expect(await outcomeOf({ secrets }, delivery("a third one"))).toBe("rejected ERR_SIGNATURE_MISMATCH");
});

test("refuses another publisher than the pinned one", async () => {
  expect(await outcomeOf({ broadcasterId: 7001 })).toBe("handled");
  expect(await outcomeOf({ broadcasterId: 7002 })).toBe("rejected ERR_SOURCE_NOT_ALLOWED");
});

test("says what core needs to know of Cleeng", () => {
  const provider = cleeng({ secrets: secret, signature, maxBodyBytes: 2048 });
  expect(provider).toMatchObject({ name: "cleeng", body: "json", maxBodyBytes: 2048, retryHorizonMs: 604_800_000 });
  expect(provider.scheme.headers).toEqual(["x-our-signature"]);
  expect(cleeng({ secrets: secret, signature }).maxBodyBytes).toBe(1_048_576);
});

test.each([
  [{ secrets: undefined }, "ERR_SECRET_MISSING: secrets is undefined; did you set CLEENG_WEBHOOK_SECRET?"],
  [{ secrets: " " }, "ERR_SECRET_MISSING: secrets is blank; did you set CLEENG_WEBHOOK_SECRET?"],
  [{ secrets: [] }, "ERR_SECRET_MISSING: secrets is an empty list"],
  [{ secrets: [secret, ""] }, "ERR_SECRET_MISSING: secrets[1] is blank"],
  [{ signature: { ...signature, encoding: "base32" } }, "ERR_OPTION_INVALID"],
  [{ signature: { ...signature, header: "not a header" } }, "ERR_OPTION_INVALID"],
  [{ signature: { ...signature, prefix: 1 } }, "ERR_OPTION_INVALID"],
  [{ broadcasterId: undefined }, "ERR_OPTION_INVALID: cleeng: broadcasterId must be a whole number"],
  [{ broadcasterId: Number.NaN }, "ERR_OPTION_INVALID: cleeng: broadcasterId must be a whole number"],
  [{ broadcasterId: "7001" }, "ERR_OPTION_INVALID: cleeng: broadcasterId must be a whole number"],
  [{ windowMs: 0 }, "ERR_OPTION_INVALID: cleeng: windowMs"],
])("refuses at start-up: %j", (options, message) => {
  // @ts-expect-error the types forbid most of these; JavaScript and unset environment variables do not
  expect(errorOf(() => cleeng({ secrets: secret, signature, ...options }))).toContain(message);
});

test.each([
  [undefined, "signature.header"],
  [{}, "signature.header"],
  [{ header: undefined, encoding: "hex" }, "signature.header"],
  [{ header: " ", encoding: "hex" }, "signature.header"],
  [{ header: "x-our-signature" }, "signature.encoding"],
])("invents no signature for %j, and says where to look", (given, missing) => {
  // @ts-expect-error the types forbid these; JavaScript and unset environment variables do not
  const message = errorOf(() => cleeng({ secrets: secret, signature: given }));
  expect(message).toContain(`ERR_OPTION_INVALID: cleeng: ${missing} is missing.`);
  expect(message).toContain("look at the headers of a real delivery, or at the endpoint's settings");
});
