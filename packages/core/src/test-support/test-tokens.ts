import { generateKeyPairSync } from "node:crypto";
import type { KeyObject } from "node:crypto";

import { SignJWT } from "jose";
import type { JWTPayload } from "jose";
import { expect } from "vitest";

import type { Delivery } from "../delivery.ts";
import { toDelivery, toIncomingDelivery } from "../incoming-delivery.ts";
import type { Scheme } from "../scheme.ts";
import { jwt } from "../schemes/jwt.ts";
import type { JwtAlgorithm } from "../schemes/jwt/algorithms.ts";
import type { Jwk } from "../schemes/jwt/key.ts";
import type { JwtOptions } from "../schemes/jwt/options.ts";
import { refusalOf } from "./caught.ts";

/** When the tokens of the tests are made. */
export const nowMs = 1_790_000_000_000;

/** The platform's own key pairs. */
export const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
export const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });

/** The bytes that come with a token. */
export const tokenBody = Buffer.from('{"id": "evt_9",\n "note": "é"}\u00ff', "latin1");

/** What a good token says. */
export const goodClaims = {
  iss: "https://sender.example",
  aud: "our-endpoint",
  iat: nowMs / 1000,
  exp: nowMs / 1000 + 300,
};

interface Changes {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly head?: Readonly<Record<string, unknown>>;
  readonly key?: KeyObject;
  readonly algorithm?: JwtAlgorithm;
}

/** A token that jose signs. */
export function signToken({ claims, head, key = ec.privateKey, algorithm = "ES256" }: Changes = {}): Promise<string> {
  const payload: JWTPayload = { ...goodClaims, ...claims };
  return new SignJWT(payload).setProtectedHeader({ alg: algorithm, ...head }).sign(key);
}

/** The scheme that good tokens pass. */
export function tokenScheme(options: Partial<JwtOptions> = {}): Scheme {
  const { iss: issuer, aud: audience } = goodClaims;
  return jwt({ algorithms: ["ES256"], keys: ec.publicKey, issuer, audience, bodyHash: "none", ...options });
}

/** A public key as JWK. */
export function jwkOf(key: KeyObject): Jwk {
  const { kty = "", ...members } = key.export({ format: "jwk" });
  return { kty, ...members };
}

/** A delivery with a header. */
export function withHeader(value: string | readonly string[], name = "Authorization", body = tokenBody): Delivery {
  return toDelivery(toIncomingDelivery({ headers: { [name]: value }, body }), body, nowMs);
}

/** How a scheme refuses a token; `nothing` when it answers with the proven bytes. */
export function outcomeOf(token: string, options: Partial<JwtOptions> = {}, atMs = nowMs): Promise<string> {
  return provenBy(tokenScheme(options), withHeader(`Bearer ${token}`), atMs);
}

/** How a scheme refuses a delivery; `nothing` when it answers with the proven bytes. */
export function provenBy(scheme: Scheme, delivery: Delivery, atMs: number): Promise<string> {
  return refusalOf(async () => expect(await scheme.verify(delivery, atMs)).toBe(delivery.body));
}
