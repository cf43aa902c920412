import { createPublicKey, generateKeyPairSync } from "node:crypto";

import { expect, test } from "vitest";

import { createRsaKey, foreignRsaKey, publicPemOf, readRsaKey } from "./rsa-key.ts";

const key = createRsaKey();
const pem = key.export({ type: "pkcs8", format: "pem" }).toString();

test("makes a key of 2,048 bits, another one each time", () => {
  expect(key.asymmetricKeyDetails?.modulusLength).toBe(2048);
  expect(createRsaKey().equals(key)).toBe(false);
});

test("shows the public half as PEM", () => {
  expect(publicPemOf(key)).toMatch(/^-----BEGIN PUBLIC KEY-----\n/);
  expect(createPublicKey(publicPemOf(key)).equals(createPublicKey(key))).toBe(true);
});

test("reads back the private key it is given", () => expect(readRsaKey(pem).equals(key)).toBe(true));

test.each([
  "",
  "not a key",
  generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  publicPemOf(key),
])("refuses a private key that is none of RSA, and quotes nothing of it (%#)", (given) => {
  let error: unknown;
  try {
    readRsaKey(given);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toMatchObject({
    code: "ERR_KEY_INVALID",
    message: "The option privateKey is not an RSA private key in PEM form.",
  });
  expect(error).not.toHaveProperty("cause");
});

test("has one foreign key, which is nobody's own", () => {
  expect(foreignRsaKey()).toBe(foreignRsaKey());
  expect(foreignRsaKey().equals(key)).toBe(false);
});
