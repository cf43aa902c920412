import type { KeyObject } from "node:crypto";

import type { JWTPayload, JWTVerifyOptions } from "jose";

import { RejectedError } from "../../errors.ts";
import { printable, withoutMessage } from "../../printable.ts";
import type { JwtOptions } from "./options.ts";
import type { JwtToken } from "./token.ts";

/** What a token must say, as far as its signature is right. */
export interface JwtExpectations extends Pick<JwtOptions, "issuer" | "audience" | "claims" | "maxAgeMs"> {
  readonly toleranceMs: number;
}

/**
 * Checks a token with one key. `undefined`: another key signed it.
 *
 * @throws {RejectedError} `ERR_TOKEN_INVALID` or `ERR_TIMESTAMP_STALE` when the key signed it, and what it says is wrong
 */
export async function verifyToken(
  token: JwtToken,
  key: KeyObject,
  expected: JwtExpectations,
  nowMs: number,
): Promise<JWTPayload | undefined> {
  // Loaded with the first token, so that receivers which check none do not wait for it.
  const { jwtVerify } = await import("jose/jwt/verify");
  let claims: JWTPayload;
  try {
    claims = (await jwtVerify(token.text, key, toJoseOptions(token, expected, nowMs))).payload;
  } catch (cause) {
    if (memberOf(cause, "code") === "ERR_JWS_SIGNATURE_VERIFICATION_FAILED") return undefined;
    throw toRefusal(cause);
  }
  assertNotAhead(claims, expected.toleranceMs, nowMs);
  for (const [name, value] of Object.entries(expected.claims ?? {})) {
    if (claims[name] !== value) throw wrongClaim(name);
  }
  return claims;
}

function toJoseOptions({ algorithm }: JwtToken, expected: JwtExpectations, nowMs: number): JWTVerifyOptions {
  const { issuer, audience, maxAgeMs, toleranceMs } = expected;
  return {
    algorithms: [algorithm],
    currentDate: new Date(nowMs),
    clockTolerance: toleranceMs / 1000,
    ...(issuer === false ? {} : { issuer: toList(issuer) }),
    ...(audience === false ? {} : { audience: toList(audience) }),
    // One of the two must bound its life; with maxTokenAge, jose asks for iat.
    ...(maxAgeMs === undefined ? { requiredClaims: ["exp"] } : { maxTokenAge: maxAgeMs / 1000 }),
  };
}

function toList(value: string | readonly string[]): string[] {
  return typeof value === "string" ? [value] : [...value];
}

/** Without a greatest age, jose lets a token of tomorrow pass. */
function assertNotAhead({ iat }: JWTPayload, toleranceMs: number, nowMs: number): void {
  if (iat === undefined || iat * 1000 - nowMs <= toleranceMs) return;
  throw stale("iat");
}

/** Of jose's errors only the claim's name is kept: the errors hold all claims, and a refusal reaches the logs. */
function toRefusal(cause: unknown): RejectedError {
  const code = memberOf(cause, "code");
  const claim = memberOf(cause, "claim");
  const isTime =
    code === "ERR_JWT_EXPIRED" || (["nbf", "iat"].includes(claim) && memberOf(cause, "reason") === "check_failed");
  if (isTime) return stale(claim);
  if (claim !== "") return wrongClaim(claim);
  return new RejectedError("ERR_TOKEN_INVALID", "The token cannot be read.", { cause: withoutMessage(cause) });
}

function memberOf(error: unknown, name: string): string {
  const value: unknown = error instanceof Error ? Reflect.get(error, name) : undefined;
  return typeof value === "string" ? value : "";
}

function stale(claim: string): RejectedError {
  return new RejectedError("ERR_TIMESTAMP_STALE", `The token is not valid at this time: see its claim ${claim}.`, {
    help: "If this is not an old delivery sent again, compare the machine's clock with a time server.",
  });
}

function wrongClaim(claim: string): RejectedError {
  return new RejectedError(
    "ERR_TOKEN_INVALID",
    `The token's claim ${printable(claim)} is missing or not the expected one.`,
  );
}
