import type { KeyObject } from "node:crypto";

import type { JWTPayload } from "jose";

import type { Delivery } from "../../delivery.ts";
import type { Diagnosis } from "../../diagnosis.ts";
import { RejectedError } from "../../errors.ts";
import { printable } from "../../printable.ts";
import { assertBodyHash } from "../jwt/body-hash.ts";
import type { JwtToken } from "../jwt/token.ts";
import { verifyToken } from "../jwt/verify-token.ts";
import type { JwtExpectations } from "../jwt/verify-token.ts";
import { bodyTrials } from "./body-trials.ts";
import { maxTriedBytes, tooLarge } from "./explain-signature.ts";
import type { JwtInsight } from "./jwt-insight.ts";
import { absurdMs, clockSkew } from "./explain-time.ts";

/** A token and the key that signed it. */
interface SignedToken extends JwtInsight {
  readonly token: JwtToken;
  readonly key: KeyObject;
}

/** Why a token is refused that a configured key signed: for what it says. */
export async function explainClaims(
  delivery: Delivery,
  signed: SignedToken,
  nowMs: number,
): Promise<Diagnosis | undefined> {
  const claims = readClaims(signed.token);
  const ownMs = ownTimeOf(claims) ?? nowMs;
  return (
    (await explainExpectations(claims, signed, ownMs)) ??
    explainBody(delivery, claims, signed) ??
    (await explainTime(claims, signed, nowMs))
  );
}

/** Only of a token whose signature is right. */
function readClaims({ text }: JwtToken): JWTPayload {
  const payload: unknown = JSON.parse(Buffer.from(text.split(".")[1] ?? "", "base64url").toString("utf8"));
  return typeof payload === "object" && payload !== null ? { ...payload } : {};
}

/** A time at which it was meant to be good, in milliseconds. */
function ownTimeOf({ iat, nbf, exp }: JWTPayload): number | undefined {
  const seconds = [iat, nbf, typeof exp === "number" ? exp - 1 : undefined].find((time) => typeof time === "number");
  return seconds === undefined ? undefined : seconds * 1000;
}

/** Each expectation by itself, at the token's own time, by the code that refused it. */
async function explainExpectations(
  claims: JWTPayload,
  { token, key, expected }: SignedToken,
  ownMs: number,
): Promise<Diagnosis | undefined> {
  const { issuer, audience, maxAgeMs, toleranceMs } = expected;
  const age = maxAgeMs === undefined ? {} : { maxAgeMs };
  const none: JwtExpectations = { issuer: false, audience: false, claims: {}, ...age, toleranceMs };
  const isRefused = async (only: Partial<JwtExpectations>): Promise<boolean> => {
    try {
      return (await verifyToken(token, key, { ...none, ...only }, ownMs)) === undefined;
    } catch (cause) {
      if (cause instanceof RejectedError) return cause.code !== "ERR_TIMESTAMP_STALE";
      throw cause;
    }
  };
  if (await isRefused({})) {
    const needed = maxAgeMs === undefined ? "exp; without one, set maxAgeMs to bound its age by iat" : "iat";
    const message =
      "A configured key signed the token, but a time in it is missing or no number of seconds: it must carry " +
      `${needed}. A platform that sends tokens without an end may not mean them for this.`;
    return { cause: "token-claim", message };
  }
  const wrong = [
    ...((await isRefused({ issuer })) ? [describeClaim("iss", claims.iss, issuer, "issuer")] : []),
    ...((await isRefused({ audience })) ? [describeClaim("aud", claims.aud, audience, "audience")] : []),
  ];
  for (const [name, value] of Object.entries(expected.claims ?? {})) {
    if (await isRefused({ claims: { [name]: value } })) {
      wrong.push(describeClaim(name, claims[name], value, `claims.${printable(name, 40)}`));
    }
  }
  if (wrong.length === 0) return undefined;
  const message =
    `A configured key signed the token, but ${wrong.slice(0, 3).join("; ")}. Either it was made for another endpoint, ` +
    "account or environment, or the option is wrong.";
  return { cause: "token-claim", message };
}

function describeClaim(name: string, value: unknown, configured: unknown, option: string): string {
  return `its ${printable(name, 40)} is ${quote(value)}, where ${option} is ${quote(configured)}`;
}

function quote(value: unknown): string {
  return value === undefined ? "missing" : printable(JSON.stringify(value), 100);
}

function explainBody(
  { body }: Delivery,
  claims: JWTPayload,
  { options: { bodyHash } }: SignedToken,
): Diagnosis | undefined {
  // An empty body may be one that was refused unread.
  if (bodyHash === "none" || body.length === 0) return undefined;
  const isGood = (bytes: Uint8Array, changes: Partial<typeof bodyHash> = {}): boolean => {
    try {
      assertBodyHash(claims, bytes, { ...bodyHash, ...changes });
      return true;
    } catch (cause) {
      if (cause instanceof RejectedError) return false;
      throw cause;
    }
  };
  if (isGood(body)) return undefined;
  const signed = `A configured key signed the token, and its claim ${printable(bodyHash.claim, 60)}`;
  for (const encoding of ["hex", "base64", "base64url"] as const) {
    for (const hash of ["sha256", "sha384", "sha512"] as const) {
      if (!isGood(body, { encoding, hash })) continue;
      const isHash = hash !== (bodyHash.hash ?? "sha256");
      const message = `${signed} fits the body by ${hash} in ${encoding}. Set bodyHash to it.`;
      return { cause: isHash ? "signature-algorithm" : "signature-encoding", message };
    }
  }
  if (body.length > maxTriedBytes) return { cause: "unknown", message: `${signed} does not fit the body. ${tooLarge}` };
  for (const { cause, message, change } of bodyTrials(body)) {
    if (change?.body !== undefined && isGood(change.body)) return { cause, message };
  }
  const isThere = typeof claims[bodyHash.claim] === "string";
  if (!isThere) {
    const message = `${signed} with the body's hash is missing. Compare bodyHash.claim with the platform's documentation.`;
    return { cause: "token-claim", message };
  }
  const message =
    `${signed} does not fit the body, nor the body with other line breaks, a byte order mark, decoded from base64 or ` +
    "written anew. Something else changed the body, or the token belongs to another delivery.";
  return { cause: "unknown", message };
}

/** Nothing else is wrong with it. */
async function explainTime(
  { iat, nbf, exp }: JWTPayload,
  { token, key, expected }: SignedToken,
  nowMs: number,
): Promise<Diagnosis | undefined> {
  try {
    await verifyToken(token, key, expected, nowMs);
    return undefined;
  } catch (cause) {
    if (!(cause instanceof RejectedError)) throw cause;
  }
  const { maxAgeMs, toleranceMs } = expected;
  const what = (claim: string, says: string): string => `The token's signature is good, but its ${claim} (${says})`;
  for (const [claim, seconds, says] of [
    ["nbf", nbf, "not valid before"],
    ["iat", iat, "made at"],
  ] as const) {
    const aheadMs = (seconds ?? 0) * 1000 - nowMs;
    if (aheadMs > absurdMs) {
      const message = `The token's signature is good, but its ${claim} is years ahead: most likely it counts milliseconds, where RFC 7519 has seconds. The platform must mend that.`;
      return { cause: "timestamp-format", message };
    }
    if (aheadMs > toleranceMs) return clockSkew(what(claim, says), aheadMs, toleranceMs);
  }
  if (exp !== undefined && exp * 1000 - nowMs <= -toleranceMs) {
    return clockSkew(what("exp", "its end"), exp * 1000 - nowMs, toleranceMs);
  }
  if (iat === undefined || maxAgeMs === undefined) return undefined;
  return clockSkew(what("iat", "made at"), iat * 1000 - nowMs, maxAgeMs + toleranceMs);
}
