import { timingSafeEqual } from "node:crypto";

import { ConfigError } from "../errors.ts";
import type { Scheme } from "../scheme.ts";
import { assertHash } from "./hash.ts";
import { createHmacDigest } from "./hmac-digest.ts";
import { KeySource } from "./key-source.ts";
import type { Keys, SignatureOptions } from "./options.ts";
import { signatureScheme } from "./signature-scheme.ts";

/** A secret as text, whose UTF-8 bytes are the key, or as bytes. */
export type Secret = string | Uint8Array;

/** How a platform signs with a shared secret. */
export interface HmacOptions extends SignatureOptions {
  readonly secrets: Keys<Secret>;
  /** A hash that OpenSSL knows. Default: `sha256`. */
  readonly hash?: string;
}

/**
 * A signature made with a secret that the platform and the receiver share: HMAC, RFC 2104.
 *
 * @throws {ConfigError} `ERR_SECRET_MISSING` for an empty or blank secret, `ERR_KEY_INVALID` for a PEM,
 *   `ERR_OPTION_INVALID`
 */
export function hmac(options: HmacOptions): Scheme {
  const { hash = "sha256" } = options;
  assertHash(hash);
  const secrets = new KeySource(
    options.secrets,
    (secret: Secret) => createHmacDigest(hash, readSecret(secret)),
    options,
  );
  return signatureScheme(options, (signature, content, nowMs) =>
    secrets.some((digest) => fits(digest(content), signature), nowMs),
  );
}

function fits(expected: Uint8Array, signature: Uint8Array): boolean {
  return expected.length === signature.length && timingSafeEqual(expected, signature);
}

function readSecret(secret: Secret): Uint8Array {
  const bytes = typeof secret === "string" ? Buffer.from(secret, "utf8") : secret;
  // Bytes are not trimmed: any byte may belong to a key.
  const text = typeof secret === "string" ? secret.trim() : toText(bytes);
  // HMAC pads a key with zeros: one that is all zeros signs as the empty one does.
  if (!(bytes instanceof Uint8Array) || bytes.every((byte) => byte === 0) || text === "" || text === "whsec_") {
    throw new ConfigError("ERR_SECRET_MISSING", "A secret is empty, blank or missing.", {
      help: "Anyone can sign with an empty secret. Check that the environment variable it comes from is set.",
    });
  }
  if (text.startsWith("-----BEGIN ")) {
    throw new ConfigError("ERR_KEY_INVALID", "A PEM was given where a shared secret is needed.", {
      help: "A public key is no secret: whoever has it could sign. Use publicKey() for platforms that sign with one.",
    });
  }
  return bytes;
}

function toText(bytes: unknown): string {
  return bytes instanceof Uint8Array ? Buffer.from(bytes).toString("latin1") : "";
}
