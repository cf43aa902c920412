import { createPublicKey } from "node:crypto";
import type { KeyObject } from "node:crypto";

import { ConfigError, RejectedError } from "../errors.ts";
import type { Scheme } from "../scheme.ts";
import { allOf, anyOf } from "./combine.ts";
import { readOtherKeys } from "./explain/other-keys.ts";
import { hmac } from "./hmac.ts";
import type { Keys, Resolver } from "./options.ts";
import type { HmacOptions } from "./hmac.ts";
import { publicKey } from "./public-key.ts";
import type { PublicKeyOptions } from "./public-key.ts";
import { isList } from "./resolved-keys.ts";
import type { CacheOptions } from "./resolved-keys.ts";

/** How a platform that follows Standard Webhooks is checked. One of `secrets` and `publicKeys` MUST be given. */
export interface StandardWebhooksOptions extends CacheOptions {
  /** For `v1` signatures: `whsec_` and base64, or the base64 alone. Padding may be missing. */
  readonly secrets?: Keys<string>;
  /** For `v1a` signatures: `whpk_` and base64, or the base64 alone. Padding may be missing. */
  readonly publicKeys?: Keys<string>;
  /**
   * What the three header names start with; Svix sends `svix-id` for `webhook-id`. With `either`, a whole set of one kind
   * is needed, and should both ids be there, they must be the same. Default: `webhook`.
   */
  readonly headers?: "webhook" | "svix" | "either";
  /** How far the signed time may lie from now, either way. Default: 5 minutes. */
  readonly toleranceMs?: number;
  /**
   * Secrets and public keys that are known but MUST NOT be accepted here, by a name for each, such as that of the other
   * mode. They prove nothing: `explain()` tells which of them a refused delivery was signed with. Where both `secrets`
   * and `publicKeys` are given, a public key needs its `whpk_`.
   */
  readonly otherKeys?: Readonly<Record<string, string>>;
}

/**
 * Standard Webhooks 1.0: HMAC-SHA256 (`v1`) or Ed25519 (`v1a`) over `id.timestamp.body`. Only versions that a secret or
 * key is given for prove anything. An id with a dot in it is refused: the dot could move between the three.
 *
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 * @throws {ConfigError} `ERR_SECRET_MISSING`, `ERR_KEY_INVALID`, `ERR_OPTION_INVALID`
 */
export function standardWebhooks(options: StandardWebhooksOptions): Scheme {
  const { headers = "webhook" } = options;
  if (!Object.hasOwn(prefixes, headers)) {
    throw new ConfigError("ERR_OPTION_INVALID", 'standardWebhooks: headers must be "webhook", "svix" or "either".');
  }
  const schemes = prefixes[headers].flatMap((prefix) => schemesFor(prefix, options));
  const [only] = schemes;
  if (only === undefined) {
    throw new ConfigError("ERR_SECRET_MISSING", "standardWebhooks: neither secrets nor publicKeys are given.", {
      help: "Copy the endpoint's signing secret, which starts with whsec_, from the platform's dashboard.",
    });
  }
  if (headers === "either") return allOf(anyOf(...schemes), sameIds);
  return schemes.length === 1 ? only : anyOf(...schemes);
}

const prefixes = { webhook: ["webhook"], svix: ["svix"], either: ["webhook", "svix"] } as const;

function schemesFor(prefix: string, options: StandardWebhooksOptions): readonly Scheme[] {
  const place = placeOf(prefix, options);
  // An option that is there but undefined is a forgotten variable, even beside the other one.
  const has = (name: "secrets" | "publicKeys"): boolean => Object.hasOwn(options, name);
  return [
    ...(has("secrets") ? [hmac({ ...place("v1"), ...secretsOf(options) })] : []),
    ...(has("publicKeys") ? [publicKey({ ...place("v1a"), algorithm: "ed25519", ...keysOf(options) })] : []),
  ];
}

function secretsOf(options: StandardWebhooksOptions): Pick<HmacOptions, "secrets" | "otherKeys"> {
  const isSecret = (key: unknown): boolean => !Object.hasOwn(options, "publicKeys") || !isMarkedPublic(key);
  return {
    secrets: mapKeys(options.secrets, readSecret),
    otherKeys: chooseOthers(options, isSecret, readSecret),
  };
}

function keysOf(options: StandardWebhooksOptions): Pick<PublicKeyOptions, "keys" | "otherKeys"> {
  const isKey = (key: unknown): boolean => !Object.hasOwn(options, "secrets") || isMarkedPublic(key);
  return {
    keys: mapKeys(options.publicKeys, readPublicKey),
    otherKeys: chooseOthers(options, isKey, readPublicKey),
  };
}

function chooseOthers<Ready>(
  { otherKeys }: StandardWebhooksOptions,
  isMeant: (key: unknown) => boolean,
  read: (key: string) => Ready,
): Readonly<Record<string, Ready>> {
  const given = [...readOtherKeys(otherKeys, (key) => key)];
  return Object.fromEntries(given.filter(([, key]) => isMeant(key)).map(([name, key]) => [name, read(key)]));
}

function isMarkedPublic(key: unknown): boolean {
  return typeof key === "string" && key.trim().startsWith("whpk_");
}

/** Which set was proven nobody can tell later: a second, unsigned id beside the signed one could pass for it. */
const sameIds: Scheme = {
  headers: [],
  verify(delivery) {
    const [one, other] = [delivery.header("webhook-id"), delivery.header("svix-id")];
    if (one === undefined || other === undefined || one === other) return delivery.body;
    throw new RejectedError("ERR_SIGNATURE_MALFORMED", "The headers webhook-id and svix-id differ.");
  },
};

function placeOf(prefix: string, { toleranceMs, cacheMs, refreshCooldownMs }: StandardWebhooksOptions) {
  return (version: "v1" | "v1a") => ({
    header: `${prefix}-signature`,
    encoding: "base64" as const,
    fields: { separator: " ", assign: ",", signature: version },
    content: `{header:${prefix}-id}.{timestamp}.{body}`,
    timestamp: { header: `${prefix}-timestamp`, ...(toleranceMs === undefined ? {} : { toleranceMs }) },
    ...(cacheMs === undefined ? {} : { cacheMs }),
    ...(refreshCooldownMs === undefined ? {} : { refreshCooldownMs }),
  });
}

function readSecret(secret: string | undefined): Uint8Array {
  return decode(secret, "whsec_", "secret");
}

function readPublicKey(key: string | undefined): KeyObject {
  const bytes = decode(key, "whpk_", "public key");
  // A point of order 4: every fourth message or so has a signature that anybody can make.
  if (bytes.every((byte) => byte === 0)) throw missing("public key");
  try {
    // RFC 8037 section 2: the raw key as JWK, since Node reads no raw one.
    const x = Buffer.from(bytes).toString("base64url");
    return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  } catch {
    throw new ConfigError("ERR_KEY_INVALID", "A public key of Standard Webhooks is not 32 bytes of Ed25519 in base64.");
  }
}

function decode(text: string | undefined, prefix: string, what: string): Uint8Array {
  const base64 = typeof text === "string" ? text.trim().slice(text.trim().startsWith(prefix) ? prefix.length : 0) : "";
  if (base64 === "") throw missing(what);
  const bytes = Buffer.from(base64, "base64");
  // Padding is often lost on the way through a dashboard or an env file.
  if (bytes.toString("base64").replace(/=+$/, "") === base64.replace(/=+$/, "")) return bytes;
  throw new ConfigError("ERR_KEY_INVALID", `A ${what} of Standard Webhooks is not base64 behind ${prefix}.`);
}

function missing(what: string): ConfigError {
  return new ConfigError("ERR_SECRET_MISSING", `A ${what} of Standard Webhooks is empty, blank or missing.`, {
    help: "Check that the environment variable it comes from is set.",
  });
}

function mapKeys<Ready>(keys: Keys<string> | undefined, read: (key: string | undefined) => Ready): Keys<Ready> {
  const given: readonly (string | Resolver<string> | undefined)[] = isList(keys) ? keys : [keys];
  return given.map((key) => (typeof key === "function" ? async () => readAll(await key(), read) : read(key)));
}

function readAll<Ready>(keys: string | readonly string[], read: (key: string) => Ready): readonly Ready[] {
  return (isList(keys) ? keys : [keys]).map((key) => read(key));
}
