import { createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";

import { ConfigError } from "@hooklatch/core/errors";

/** What a platform signs with by Standard Webhooks, and what it gives to its receivers. */
export interface SigningKeys {
  readonly secret: string;
  readonly secretBytes: Uint8Array;
  readonly privateKey: KeyObject;
  readonly publicKey: string;
}

interface GivenKeys {
  readonly secret?: string;
  readonly privateKey?: string;
}

/** RFC 8410: what stands before the 32 bytes of an Ed25519 seed in PKCS#8. */
const pkcs8Head = Buffer.from("302e020100300506032b657004220420", "hex");

/**
 * Reads the keys that are given and makes those that are not.
 *
 * @throws {ConfigError} `ERR_KEY_INVALID`
 */
export function readSigningKeys(given: GivenKeys): SigningKeys {
  const secretBytes = given.secret === undefined ? randomBytes(32) : decode(given.secret, "whsec_", "secret");
  const privateKey =
    given.privateKey === undefined ? generateKeyPairSync("ed25519").privateKey : readSeed(given.privateKey);
  const spki = createPublicKey(privateKey).export({ type: "spki", format: "der" });
  return {
    secret: given.secret ?? `whsec_${secretBytes.toString("base64")}`,
    secretBytes,
    privateKey,
    publicKey: `whpk_${spki.subarray(-32).toString("base64")}`,
  };
}

/** Makes the function that writes a signature header. */
export function createSigner(version: "v1" | "v1a" | "both"): (content: Uint8Array, keys: SigningKeys) => string {
  return (content, { secretBytes, privateKey }) => {
    const v1 = `v1,${createHmac("sha256", secretBytes).update(content).digest("base64")}`;
    const v1a = `v1a,${sign(null, content, privateKey).toString("base64")}`;
    return { v1, v1a, both: `${v1} ${v1a}` }[version];
  };
}

function readSeed(text: string): KeyObject {
  const seed = decode(text, "whsk_", "privateKey");
  if (seed.length !== 32) throw invalid("privateKey", "whsk_");
  return createPrivateKey({ key: Buffer.concat([pkcs8Head, seed]), format: "der", type: "pkcs8" });
}

function decode(text: string, prefix: string, option: string): Buffer {
  const base64 = text.startsWith(prefix) ? text.slice(prefix.length) : text;
  const bytes = Buffer.from(base64, "base64");
  if (bytes.length === 0 || bytes.toString("base64") !== base64) throw invalid(option, prefix);
  return bytes;
}

function invalid(option: string, prefix: string): ConfigError {
  const what = option === "privateKey" ? "the base64 of 32 bytes" : "base64";
  return new ConfigError("ERR_KEY_INVALID", `The option ${option} is not ${prefix} and ${what}.`);
}
