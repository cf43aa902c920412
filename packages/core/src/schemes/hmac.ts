import { createSecretKey, timingSafeEqual } from "node:crypto";
import type { KeyObject } from "node:crypto";

import { ConfigError } from "../errors.ts";
import type { Scheme } from "../scheme.ts";
import { otherAlgorithm, otherKeyTrials, readOtherKeys } from "./explain/other-keys.ts";
import { meantSecrets } from "./explain/secret-trials.ts";
import { maxKeysTried } from "./explain/trial.ts";
import type { KeyInsight, Trial } from "./explain/trial.ts";
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
  /**
   * Secrets that are known but MUST NOT be accepted here, by a name for each, such as that of the other mode. They prove
   * nothing: `explain()` tells which of them a refused delivery was signed with.
   */
  readonly otherKeys?: Readonly<Record<string, Secret>>;
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
  const secrets = new KeySource(options.secrets, (secret: Secret) => prepare(hash, readSecret(secret)), options);
  const others = readOtherKeys(options.otherKeys, readSecret);
  return signatureScheme(
    options,
    (signatures, content, nowMs) => secrets.some(createFit(signatures, content), nowMs),
    () =>
      lookInto(
        secrets.known.map(({ object }) => object),
        others,
        hash,
      ),
  );
}

type Content = readonly (string | Uint8Array)[];

/** A secret and the HMAC under it. */
interface PreparedSecret {
  readonly object: KeyObject;
  readonly digest: (content: Content) => Uint8Array;
}

function prepare(hash: string, object: KeyObject): PreparedSecret {
  return { object, digest: createHmacDigest(hash, object.export()) };
}

function createFit(signatures: readonly Uint8Array[], content: Content): (secret: PreparedSecret) => boolean {
  return ({ digest }) => {
    const expected = digest(content);
    return signatures.some((signature) => fits(expected, signature));
  };
}

function lookInto(known: readonly KeyObject[], others: ReadonlyMap<string, KeyObject>, hash: string): KeyInsight {
  const secrets = known.slice(0, maxKeysTried);
  const checkOf = (keys: readonly KeyObject[], name = hash): KeyInsight["check"] => {
    const prepared = keys.map((key) => prepare(name, key));
    return (signatures, content) => prepared.some(createFit(signatures, content));
  };
  return { check: checkOf(secrets), trials: secretTrials(secrets, others, hash, checkOf) };
}

function* secretTrials(
  secrets: readonly KeyObject[],
  others: ReadonlyMap<string, KeyObject>,
  hash: string,
  checkOf: (keys: readonly KeyObject[], hash?: string) => KeyInsight["check"],
): Generator<Trial, void, undefined> {
  yield* otherKeyTrials(others, (key) => checkOf([key]));
  for (const { bytes, ...found } of secrets.flatMap(meantSecrets)) {
    const isUsable = bytes.some((byte) => byte !== 0); // an empty secret signs as one of zeros does, and anybody can
    if (isUsable) yield { ...found, check: checkOf([createSecretKey(bytes)]) };
  }
  for (const name of ["sha1", "sha256", "sha384", "sha512"]) {
    if (name !== hash) yield { ...otherAlgorithm(name), check: checkOf(secrets, name) };
  }
}

function fits(expected: Uint8Array, signature: Uint8Array): boolean {
  return expected.length === signature.length && timingSafeEqual(expected, signature);
}

/**
 * Reads a secret. One KeyObject per secret, made once: with a Buffer, `createHmac` takes four times as long.
 *
 * @throws {ConfigError} `ERR_SECRET_MISSING`, `ERR_KEY_INVALID` for a PEM
 */
export function readSecret(secret: Secret): KeyObject {
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
  return createSecretKey(bytes);
}

function toText(bytes: unknown): string {
  return bytes instanceof Uint8Array ? Buffer.from(bytes).toString("latin1") : "";
}
