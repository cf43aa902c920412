import { constants, createPublicKey, KeyObject, verify } from "node:crypto";
import type { SigningOptions } from "node:crypto";

import { ConfigError } from "../errors.ts";
import type { Scheme } from "../scheme.ts";
import { otherAlgorithm, otherKeyTrials, readOtherKeys } from "./explain/other-keys.ts";
import { maxKeysTried } from "./explain/trial.ts";
import type { KeyInsight, Trial } from "./explain/trial.ts";
import { assertHash } from "./hash.ts";
import { KeySource } from "./key-source.ts";
import type { Keys, SignatureOptions } from "./options.ts";
import { signatureScheme } from "./signature-scheme.ts";

/** A public key as PEM (SPKI, PKCS#1 or a certificate; literal `\n` accepted) or as Node's KeyObject. */
export type PublicKeyInput = string | KeyObject;

/** How a platform signs with a private key. */
export interface PublicKeyOptions extends SignatureOptions {
  readonly keys: Keys<PublicKeyInput>;
  /**
   * Fixed here and never taken from a request. With `rsa-pss` a salt of any length is accepted, unless the key names one:
   * then no other.
   */
  readonly algorithm: "rsa-pkcs1" | "rsa-pss" | "ecdsa" | "ed25519";
  /** A hash that OpenSSL knows. Default: `sha256`. Not used by Ed25519. */
  readonly hash?: string;
  /** How an ECDSA signature is laid out: ASN.1, or r and s joined as JOSE does. Default: `der`. */
  readonly ecdsaFormat?: "der" | "ieee-p1363";
  /**
   * Keys that are known but MUST NOT be accepted here, by a name for each, such as that of the other mode. They prove
   * nothing: `explain()` tells which of them a refused delivery was signed with.
   */
  readonly otherKeys?: Readonly<Record<string, PublicKeyInput>>;
}

const keyTypes = {
  "rsa-pkcs1": ["rsa"],
  "rsa-pss": ["rsa", "rsa-pss"],
  ecdsa: ["ec"],
  ed25519: ["ed25519"],
} as const satisfies Record<PublicKeyOptions["algorithm"], readonly string[]>;

/**
 * A signature made with a private key that only the platform has: RSASSA-PKCS1-v1_5 and RSASSA-PSS (RFC 8017), ECDSA
 * (FIPS 186-5), Ed25519 (RFC 8032).
 *
 * @throws {ConfigError} `ERR_SECRET_MISSING`, `ERR_KEY_INVALID`, `ERR_OPTION_INVALID`
 */
export function publicKey(options: PublicKeyOptions): Scheme {
  const { algorithm, hash = "sha256", ecdsaFormat = "der" } = options;
  if (!Object.hasOwn(keyTypes, algorithm)) {
    throw new ConfigError("ERR_OPTION_INVALID", `algorithm must be one of ${Object.keys(keyTypes).join(", ")}.`);
  }
  if (!["der", "ieee-p1363"].includes(ecdsaFormat)) {
    throw new ConfigError("ERR_OPTION_INVALID", 'ecdsaFormat must be "der" or "ieee-p1363".');
  }
  assertHash(hash);
  const digest = algorithm === "ed25519" ? null : hash;
  const signing = signingOptions(algorithm, ecdsaFormat);
  const read = (input: PublicKeyInput): PreparedKey => prepare(readKey(input, algorithm), signing);
  const keys = new KeySource(options.keys, read, options);
  const others = readOtherKeys(options.otherKeys, read);
  return signatureScheme(
    options,
    (signatures, content, nowMs) => keys.some(createFit(digest, signatures, content), nowMs),
    () => lookInto(keys.known, others, { algorithm, digest, ecdsaFormat }),
  );
}

type PreparedKey = KeyObject | (SigningOptions & { readonly key: KeyObject });

/**
 * One KeyObject per key, made once: parsing a PEM takes as long as verifying with it. Bare wherever Node's defaults are
 * what is wanted: with options around the key, RSA-2048 takes half as long again.
 */
function prepare(key: KeyObject, signing: SigningOptions | undefined): PreparedKey {
  if (signing === undefined) return key;
  // A key for PSS alone may name its salt length. OpenSSL 3.0, of Node up to 22.19, then takes no other, and throws when
  // it is told to find the length out by itself. So nobody's does.
  const saltLength = key.asymmetricKeyDetails?.saltLength;
  return { key, ...signing, ...(saltLength === undefined ? undefined : { saltLength }) };
}

function createFit(
  digest: string | null,
  signatures: readonly Uint8Array[],
  content: readonly (string | Uint8Array)[],
): (key: PreparedKey) => boolean {
  const bytes = joinContent(content);
  return (key) => signatures.some((signature) => verify(digest, bytes, key, signature));
}

interface Signing {
  readonly algorithm: PublicKeyOptions["algorithm"];
  readonly digest: string | null;
  readonly ecdsaFormat: "der" | "ieee-p1363";
}

function lookInto(
  known: readonly PreparedKey[],
  others: ReadonlyMap<string, PreparedKey>,
  signing: Signing,
): KeyInsight {
  const keys = known.slice(0, maxKeysTried);
  const checkOf =
    (tried: readonly PreparedKey[], digest = signing.digest): KeyInsight["check"] =>
    (signatures, content) =>
      tried.some(createFit(digest, signatures, content));
  return { check: checkOf(keys), trials: keyTrials(keys, others, signing, checkOf) };
}

function* keyTrials(
  keys: readonly PreparedKey[],
  others: ReadonlyMap<string, PreparedKey>,
  { algorithm, digest, ecdsaFormat }: Signing,
  checkOf: (keys: readonly PreparedKey[], digest?: string | null) => KeyInsight["check"],
): Generator<Trial, void, undefined> {
  yield* otherKeyTrials(others, (key) => checkOf([key]));
  if (digest === null) return;
  for (const name of ["sha1", "sha256", "sha384", "sha512"]) {
    if (name !== digest) yield { ...otherAlgorithm(name), check: checkOf(keys, name) };
  }
  const bare = keys.map((key) => (key instanceof KeyObject ? key : key.key));
  const other = otherLayout(algorithm, ecdsaFormat);
  const laidOut = bare
    .filter((key) => key.asymmetricKeyType !== "rsa-pss")
    .map((key) => prepare(key, signingOptions(other.algorithm, other.ecdsaFormat)));
  yield { ...otherAlgorithm(other.name), check: checkOf(laidOut) };
}

/** The one that is taken for the configured one most easily. */
function otherLayout(algorithm: PublicKeyOptions["algorithm"], ecdsaFormat: "der" | "ieee-p1363") {
  if (algorithm === "ecdsa") {
    const format = ecdsaFormat === "der" ? "ieee-p1363" : "der";
    return { algorithm, ecdsaFormat: format, name: `ecdsaFormat ${format}` } as const;
  }
  const other = algorithm === "rsa-pss" ? "rsa-pkcs1" : "rsa-pss";
  return { algorithm: other, ecdsaFormat, name: other } as const;
}

/** What has to be said beside the key: for an RSA key the default is PKCS#1 v1.5, for ECDSA it is ASN.1. */
function signingOptions(
  algorithm: PublicKeyOptions["algorithm"],
  ecdsaFormat: "der" | "ieee-p1363",
): SigningOptions | undefined {
  if (algorithm === "rsa-pss") {
    return { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_AUTO };
  }
  return algorithm === "ecdsa" && ecdsaFormat === "ieee-p1363" ? { dsaEncoding: ecdsaFormat } : undefined;
}

function joinContent(content: readonly (string | Uint8Array)[]): Uint8Array {
  const [only] = content;
  if (content.length === 1 && only instanceof Uint8Array) return only;
  return Buffer.concat(content.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : part)));
}

function readKey(input: PublicKeyInput, algorithm: PublicKeyOptions["algorithm"]): KeyObject {
  const key = readPublicKey(input);
  const allowed: readonly (string | undefined)[] = keyTypes[algorithm];
  if (allowed.includes(key.asymmetricKeyType)) return key;
  throw new ConfigError(
    "ERR_KEY_INVALID",
    `The key is of type ${key.asymmetricKeyType}; ${algorithm} needs a public ${allowed.join(" or ")} key.`,
  );
}

/**
 * Reads a public key of any type.
 *
 * @throws {ConfigError} `ERR_SECRET_MISSING`, `ERR_KEY_INVALID` also for a private or secret key
 */
export function readPublicKey(input: PublicKeyInput): KeyObject {
  const key = input instanceof KeyObject ? input : parsePem(input);
  if (key.type === "public") return key;
  throw new ConfigError("ERR_KEY_INVALID", `The key is ${key.type}, not public.`);
}

function parsePem(pem: string): KeyObject {
  if (typeof pem !== "string" || pem.trim() === "") {
    throw new ConfigError("ERR_SECRET_MISSING", "A public key is empty, blank or missing.", {
      help: "Check that the environment variable it comes from is set.",
    });
  }
  // A PEM pasted into an env file often carries `\n` as two characters.
  const text = pem.replaceAll("\\r", "").replaceAll("\\n", "\n").trim();
  if (text.includes("PRIVATE KEY")) {
    throw new ConfigError("ERR_KEY_INVALID", "A private key was given where a public key is needed.", {
      help: "The private key stays with the platform. Copy the public key from the platform's dashboard.",
    });
  }
  try {
    return createPublicKey(text);
  } catch {
    throw new ConfigError("ERR_KEY_INVALID", "A public key is not a PEM that can be read.", {
      help: "It starts with -----BEGIN PUBLIC KEY----- and has line breaks, real ones or written as \\n.",
    });
  }
}
