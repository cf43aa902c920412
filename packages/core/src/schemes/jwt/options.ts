import { ConfigError } from "../../errors.ts";
import type { Keys, SignatureEncoding } from "../options.ts";
import type { CacheOptions } from "../resolved-keys.ts";
import { jwtAlgorithms } from "./algorithms.ts";
import type { JwtAlgorithm } from "./algorithms.ts";
import type { BodyHashOptions } from "./body-hash.ts";
import type { JwksOptions } from "./jwks.ts";
import type { JwtKey } from "./key.ts";

/** How a platform proves itself with a JSON Web Token. */
export interface JwtOptions extends CacheOptions {
  /** The header that carries the token. Default: `authorization`. */
  readonly header?: string;
  /** What stands before the token, in any case. Default: `Bearer ` in `authorization`, nothing in another header. */
  readonly prefix?: string;
  /** The algorithms that the platform signs with, and no other. A token cannot choose. */
  readonly algorithms: readonly JwtAlgorithm[];
  /** Public keys: one, several, a function that fetches them, or the address where the platform publishes them. */
  readonly keys: Keys<JwtKey> | JwksOptions;
  /** What `iss` must be, or a list of which it must be one. `false` where the platform names no issuer. */
  readonly issuer: string | readonly string[] | false;
  /** What `aud` must hold, or a list of which it must hold one. `false` where the platform names no audience. */
  readonly audience: string | readonly string[] | false;
  /**
   * Where the token carries a hash of the body. `"none"` where it carries none: then a token proves who made it and
   * nothing about the body, and whoever sees one can send any body with it for as long as it is valid.
   */
  readonly bodyHash: BodyHashOptions | "none";
  /** Claims that must be there with exactly this value, such as the `email` of the account that sends. */
  readonly claims?: Readonly<Record<string, string | number | boolean>>;
  /** The oldest that a token may be, by its `iat`, which it then MUST carry. Without this it MUST carry `exp`. */
  readonly maxAgeMs?: number;
  /** How far the platform's clock may be off, either way. Default: 1 minute. */
  readonly toleranceMs?: number;
}

const encodings: readonly SignatureEncoding[] = ["hex", "base64", "base64url"];

/**
 * Refuses options that a program without types, or an environment variable that is not set, may hand over.
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID`
 */
export function assertJwtOptions(options: JwtOptions): void {
  const { header = "authorization", prefix = "", algorithms, claims = {}, bodyHash } = options;
  assertOption(typeof header === "string" && /^[\w-]+$/.test(header), "header", "the name of a header");
  assertOption(typeof prefix === "string", "prefix", "a string");
  const isKnown = (name: string): boolean => Object.hasOwn(jwtAlgorithms, name);
  assertOption(
    Array.isArray(algorithms) && algorithms.length > 0 && algorithms.every(isKnown),
    "algorithms",
    `a list of the platform's own, out of ${Object.keys(jwtAlgorithms).join(", ")}`,
  );
  assertOption(isExpectation(options.issuer), "issuer", "text, a list of texts, or false if the platform names none");
  assertOption(
    isExpectation(options.audience),
    "audience",
    "text, a list of texts, or false if the platform names none",
  );
  const values = Object.values(claims);
  assertOption(
    values.every((value) => ["string", "number", "boolean"].includes(typeof value)),
    "claims",
    "plain values",
  );
  assertOption(bodyHash === "none" || isBodyHash(bodyHash), "bodyHash", 'a claim and its encoding, or "none"');
  assertDuration(options.maxAgeMs, "maxAgeMs");
  assertDuration(options.toleranceMs, "toleranceMs");
  assertDuration(options.cacheMs, "cacheMs");
  assertDuration(options.refreshCooldownMs, "refreshCooldownMs");
}

function isExpectation(value: unknown): boolean {
  if (value === false) return true;
  const texts: readonly unknown[] = Array.isArray(value) ? value : [value];
  return texts.length > 0 && texts.every((text) => typeof text === "string" && text.trim() !== "");
}

function isBodyHash(value: Partial<BodyHashOptions> | undefined): boolean {
  const { claim, encoding, hash = "sha256" } = value ?? {};
  const isEncoding = encodings.some((name) => name === encoding);
  return typeof claim === "string" && claim !== "" && isEncoding && ["sha256", "sha384", "sha512"].includes(hash);
}

function assertDuration(value: number | undefined, name: string): void {
  assertOption(value === undefined || (Number.isFinite(value) && value >= 0), name, "0 or more milliseconds");
}

function assertOption(isGood: boolean, name: string, wanted: string): void {
  if (!isGood) throw new ConfigError("ERR_OPTION_INVALID", `jwt: ${name} must be ${wanted}.`);
}
