import type { Delivery } from "../delivery.ts";
import { RejectedError } from "../errors.ts";
import type { Scheme } from "../scheme.ts";
import { assertBodyHash } from "./jwt/body-hash.ts";
import { isJwks, jwksResolver, readJwksCache } from "./jwt/jwks.ts";
import { readJwtKey } from "./jwt/key.ts";
import type { JwtKey, ReadyJwtKey } from "./jwt/key.ts";
import { assertJwtOptions } from "./jwt/options.ts";
import type { JwtOptions } from "./jwt/options.ts";
import { readToken } from "./jwt/token.ts";
import type { JwtToken } from "./jwt/token.ts";
import { verifyToken } from "./jwt/verify-token.ts";
import type { JwtExpectations } from "./jwt/verify-token.ts";
import { KeySource } from "./key-source.ts";

/**
 * A signed token in a header: JWT, RFC 7519. Tokens that bring a key of their own (`jku`, `jwk`, `x5u`, `x5c`) or demand
 * an extension (`crit`) are refused.
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID` also for `none` and HMAC algorithms, `ERR_SECRET_MISSING`, `ERR_KEY_INVALID`
 *   for a key that fits none of the algorithms
 */
export function jwt(options: JwtOptions): Scheme {
  assertJwtOptions(options);
  const { algorithms, bodyHash, maxAgeMs, toleranceMs = 60_000 } = options;
  const header = (options.header ?? "authorization").toLowerCase();
  const place = { header, prefix: options.prefix ?? (header === "authorization" ? "Bearer " : "") };
  const expected = { ...options, toleranceMs };
  const keys = createKeySource(options);

  async function verify(delivery: Delivery, candidates: TokenKeys, nowMs: number): Promise<Uint8Array> {
    const token = readToken(delivery, place, algorithms);
    const claims = await findClaims(token, candidates, expected, nowMs);
    if (bodyHash !== "none") assertBodyHash(claims, delivery.body, bodyHash);
    return delivery.body;
  }

  return {
    headers: [header],
    ...(maxAgeMs === undefined ? {} : { toleranceMs: maxAgeMs + toleranceMs }),
    verify: (delivery, nowMs) => verify(delivery, keys.each(nowMs), nowMs),
    async explain(delivery, nowMs) {
      const { explainJwt } = await import("./explain/explain-jwt.ts");
      const { known, resolvedAtMs } = keys;
      return explainJwt(delivery, { place, options, expected, keys: known, resolvedAtMs, verify }, nowMs);
    },
  };
}

function createKeySource({ keys, algorithms, cacheMs, refreshCooldownMs }: JwtOptions): KeySource<JwtKey, ReadyJwtKey> {
  const read = (key: JwtKey): ReadyJwtKey => readJwtKey(key, algorithms);
  if (!isJwks(keys)) return new KeySource(keys, read, { cacheMs, refreshCooldownMs });
  return new KeySource<JwtKey, ReadyJwtKey>(jwksResolver(keys, algorithms), read, readJwksCache(keys));
}

/** Asked one after the other: only after the last one at hand is a source asked anew. */
type TokenKeys = AsyncIterable<ReadyJwtKey> | Iterable<ReadyJwtKey>;

async function findClaims(
  token: JwtToken,
  keys: TokenKeys,
  expected: JwtExpectations,
  nowMs: number,
): Promise<Readonly<Record<string, unknown>>> {
  for await (const { key, kid, algorithms } of keys) {
    const isNamed = kid === undefined || token.kid === undefined || kid === token.kid;
    if (!isNamed || !algorithms.includes(token.algorithm)) continue;
    const claims = await verifyToken(token, key, expected, nowMs);
    if (claims !== undefined) return claims;
  }
  throw new RejectedError("ERR_SIGNATURE_MISMATCH", "The token fits none of the platform's keys.", {
    help: "Either somebody else made it, or the keys belong to another account or environment.",
  });
}
