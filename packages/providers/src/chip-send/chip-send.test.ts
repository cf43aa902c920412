import { generateKeyPairSync, sign } from "node:crypto";

import { createReceiver, toIncomingDelivery } from "@hooklatch/core";
import { ConfigError } from "@hooklatch/core/errors";
import { expect, test } from "vitest";

import { chipSend } from "./chip-send.ts";
import type { ChipSendOptions } from "./chip-send.ts";

const [key, nextKey, otherKey] = [makeKey(), makeKey(), makeKey()];

function makeKey() {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { pem: publicKey.export({ type: "spki", format: "pem" }).toString(), privateKey };
}

const account = {
  id: 501,
  status: "verified",
  account_number: "0000111122",
  bank_code: "MBBEMYKL",
  updated_at: "2027-03-01T10:20:30.456Z",
};

interface Changes {
  readonly signedWith?: typeof key;
  readonly hash?: string;
  readonly body?: string;
  readonly eventType?: string;
}

function delivery({
  signedWith = key,
  hash = "sha512",
  body = JSON.stringify(account),
  eventType = "bank_account_status",
}: Changes = {}) {
  const bytes = Buffer.from(body);
  const headers = {
    "content-type": "application/json",
    "event-type": eventType,
    "x-signature": sign(hash, bytes, signedWith.privateKey).toString("base64"),
  };
  return toIncomingDelivery({ headers, body: bytes });
}

async function outcomeOf(publicKey: ChipSendOptions["publicKey"], sent = delivery()): Promise<string> {
  const receiver = createReceiver({ provider: chipSend({ publicKey }), onOutcome: () => {} });
  receiver.on("*", () => {});
  const { outcome, error } = await receiver.receive(sent);
  return error === undefined ? outcome : `${outcome} ${error.code}`;
}

function errorOf(options: unknown): string {
  try {
    // @ts-expect-error the types forbid most of these; JavaScript and unset environment variables do not
    chipSend(options);
  } catch (error) {
    if (error instanceof ConfigError) return `${error.code}: ${error.message}`;
  }
  return "none";
}

test("runs a captured delivery once, whatever its unsigned header says now, also of a kind that is not known", async () => {
  const receiver = createReceiver({ provider: chipSend({ publicKey: key.pem }), onOutcome: () => {} });
  const types: string[] = [];
  receiver.on("*", ({ type }) => void types.push(type));
  const send = async (eventType: string, body?: string): Promise<string> => {
    const sent = delivery({ eventType, ...(body === undefined ? {} : { body }) });
    const { outcome, error } = await receiver.receive(sent);
    return error?.code ?? outcome;
  };
  expect(await send("statement_ready")).toBe("ERR_EVENT_TYPE_INVALID");
  expect(await send("bank_account_status")).toBe("handled");
  expect(await send("statement_ready")).toBe("ERR_EVENT_TYPE_INVALID");
  const statement = '{"id":504,"statement":"March"}';
  expect(await send("statement_ready", statement)).toBe("handled");
  expect(await send("statement_gone", statement)).toBe("duplicate");
  expect(await send("send_instruction_status", statement)).toBe("ERR_EVENT_TYPE_INVALID");
  expect(types).toEqual(["bank_account_status", "statement_ready"]);
});

test("takes what is signed with SHA-512 and the webhook's key, and nothing else", async () => {
  expect(await outcomeOf(key.pem)).toBe("handled");
  expect(await outcomeOf(key.pem.replaceAll("\n", String.raw`\n`))).toBe("handled");
  expect(await outcomeOf(key.pem, delivery({ signedWith: otherKey }))).toBe("rejected ERR_SIGNATURE_MISMATCH");
  // The scheme of the sister product, CHIP Collect.
  expect(await outcomeOf(key.pem, delivery({ hash: "sha256" }))).toBe("rejected ERR_SIGNATURE_MISMATCH");
});

test.each([
  ["the new key first", [nextKey.pem, key.pem]],
  ["the old key first", [key.pem, nextKey.pem]],
  ["a function that fetches both", async () => [nextKey.pem, key.pem]],
  ["a key and a function", [nextKey.pem, async () => key.pem]],
])("takes the keys of two webhooks: %s", async (_how, keys) => {
  expect(await outcomeOf(keys)).toBe("handled");
  expect(await outcomeOf(keys, delivery({ signedWith: nextKey }))).toBe("handled");
  expect(await outcomeOf(keys, delivery({ signedWith: otherKey }))).toBe("rejected ERR_SIGNATURE_MISMATCH");
});

test.each([
  ['"text"', "ERR_BODY_NOT_OBJECT"],
  ["null", "ERR_BODY_NOT_OBJECT"],
  ["[]", "ERR_BODY_NOT_OBJECT"],
  ["1", "ERR_BODY_NOT_OBJECT"],
  ["", "ERR_BODY_MALFORMED"],
  ["{", "ERR_BODY_MALFORMED"],
  ["{}", "ERR_EVENT_TYPE_INVALID"],
  [JSON.stringify({ ...account, id: undefined }), "ERR_EVENT_ID_INVALID"],
])("refuses the signed body %s: %s", async (body, code) => {
  expect(await outcomeOf(key.pem, delivery({ body }))).toBe(`rejected ${code}`);
});

test("says what core needs to know of CHIP Send", () => {
  const provider = chipSend({ publicKey: key.pem, maxBodyBytes: 2048 });
  expect(provider).toMatchObject({
    name: "chip-send",
    body: "json",
    maxBodyBytes: 2048,
    retryHorizonMs: 2_592_000_000,
  });
  expect(provider.scheme.headers).toEqual(["x-signature"]);
  expect(chipSend({ publicKey: key.pem }).maxBodyBytes).toBe(1_048_576);
});

test("holds payloads against the schemas it is given", () => {
  const schema = { "~standard": { version: 1, vendor: "test", validate: (value: unknown) => ({ value }) } } as const;
  const schemas = { bank_account_status: schema };
  expect(chipSend({ publicKey: key.pem, schemas }).schemas).toBe(schemas);
});

test.each([
  [{}, "ERR_SECRET_MISSING: publicKey is undefined; did you set CHIP_SEND_PUBLIC_KEY?"],
  [{ publicKey: null }, "ERR_SECRET_MISSING: publicKey is null"],
  [{ publicKey: " \n" }, "ERR_SECRET_MISSING: publicKey is blank"],
  [{ publicKey: [] }, "ERR_SECRET_MISSING: publicKey is an empty list"],
  [{ publicKey: [key.pem, undefined] }, "ERR_SECRET_MISSING: publicKey[1] is undefined"],
  [{ publicKey: 12 }, "ERR_KEY_INVALID: publicKey is neither a PEM nor a function that fetches one."],
  [{ publicKey: "not a key" }, "ERR_KEY_INVALID"],
])("refuses at start-up: %j", (options, message) => expect(errorOf(options)).toContain(message));
