import { createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import type { KeyObject } from "node:crypto";

import { ConfigError } from "@hooklatch/core/errors";

/** Makes a new private key of 2,048 bits. Takes about 0.1 s. */
export function createRsaKey(): KeyObject {
  return generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
}

/**
 * Reads a private key.
 *
 * @throws {ConfigError} `ERR_KEY_INVALID` when it is not an RSA private key in PEM form
 */
export function readRsaKey(pem: string): KeyObject {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === "rsa") return key;
  } catch {
    // The cause is not kept: it may quote the key.
  }
  throw new ConfigError("ERR_KEY_INVALID", "The option privateKey is not an RSA private key in PEM form.");
}

/** The public half, as platforms show it. */
export function publicPemOf(privateKey: KeyObject): string {
  return createPublicKey(privateKey).export({ type: "spki", format: "pem" }).toString();
}

let sharedForeignKey: KeyObject | undefined;

/** A key that no mock signs with of itself. One for all: it only has to be nobody's. */
export function foreignRsaKey(): KeyObject {
  return (sharedForeignKey ??= createRsaKey());
}
