import { generateKeyPairSync } from "node:crypto";
import type { KeyObject } from "node:crypto";

import { SignJWT } from "jose";
import { describe, expect, test } from "vitest";

import { ec, goodClaims, jwkOf, outcomeOf, rsa, signToken } from "../test-support/test-tokens.ts";
import type { JwtAlgorithm } from "./jwt/algorithms.ts";
import type { JwtOptions } from "./jwt/options.ts";

const curves: Readonly<Record<string, string>> = { ES256: "P-256", ES384: "P-384", ES512: "P-521" };

function pairFor(algorithm: JwtAlgorithm): { readonly publicKey: KeyObject; readonly privateKey: KeyObject } {
  const namedCurve = curves[algorithm];
  if (namedCurve !== undefined) return generateKeyPairSync("ec", { namedCurve });
  return algorithm.startsWith("E") ? generateKeyPairSync("ed25519") : rsa;
}

const pemOf = (key: KeyObject): string => key.export({ type: "spki", format: "pem" }).toString();

describe.each(["RS256", "RS512", "PS256", "PS384", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"] as const)(
  "a token signed by jose with %s",
  async (algorithm) => {
    const keys = pairFor(algorithm);
    const token = await signToken({ algorithm, key: keys.privateKey });
    const forms: readonly JwtOptions["keys"][] = [
      keys.publicKey,
      pemOf(keys.publicKey),
      pemOf(keys.publicKey).replaceAll("\n", "\\n"),
      jwkOf(keys.publicKey),
    ];

    test("proves the delivery with the key as KeyObject, as PEM and as JWK", async () => {
      for (const form of forms) expect(await outcomeOf(token, { algorithms: [algorithm], keys: form })).toBe("nothing");
    });

    test("is refused when any part of it is changed or cut", async () => {
      const [head = "", claims = "", signature = ""] = token.split(".");
      const changed = Buffer.from(signature, "base64url");
      changed[7] = (changed[7] ?? 0) ^ 1;
      const forgery = Buffer.from(JSON.stringify({ ...goodClaims, sub: "x" })).toString("base64url");
      const options = { algorithms: [algorithm], keys: forms[0] ?? "" };
      for (const bad of [`${head}.${claims}.${changed.toString("base64url")}`, `${head}.${forgery}.${signature}`]) {
        expect(await outcomeOf(bad, options)).toBe("ERR_SIGNATURE_MISMATCH 401");
      }
      for (let length = 0; length < token.length; length += 7) {
        expect(await outcomeOf(token.slice(0, length), options)).toMatch(
          /^ERR_(TOKEN_INVALID|SIGNATURE_MISMATCH) 401$/,
        );
      }
    });
  },
);

describe("the algorithm", () => {
  test("none is refused, with and without a signature", async () => {
    const [, claims, signature] = (await signToken()).split(".");
    for (const alg of ["none", "None", "NONE", ""]) {
      const head = Buffer.from(JSON.stringify({ alg })).toString("base64url");
      expect(await outcomeOf(`${head}.${claims}.`)).toBe("ERR_TOKEN_INVALID 401");
      expect(await outcomeOf(`${head}.${claims}.${signature}`)).toBe("ERR_TOKEN_INVALID 401");
    }
  });

  test("HS256 with the RSA public key as its secret is refused", async () => {
    const pem = pemOf(rsa.publicKey);
    const token = await new SignJWT(goodClaims).setProtectedHeader({ alg: "HS256" }).sign(Buffer.from(pem));
    expect(await outcomeOf(token, { algorithms: ["RS256"], keys: pem })).toBe("ERR_TOKEN_INVALID 401");
  });

  test("must be one of the configured ones, even when the key would fit", async () => {
    const token = await signToken({ algorithm: "PS256", key: rsa.privateKey });
    expect(await outcomeOf(token, { algorithms: ["PS256"], keys: rsa.publicKey })).toBe("nothing");
    expect(await outcomeOf(token, { algorithms: ["RS256"], keys: rsa.publicKey })).toBe("ERR_TOKEN_INVALID 401");
  });

  test("is that of the key where the key names one", async () => {
    const sign = (algorithm: JwtAlgorithm) => signToken({ algorithm, key: rsa.privateKey });
    const options: Partial<JwtOptions> = { algorithms: ["RS256", "RS512"], keys: jwkOf(rsa.publicKey) };
    expect(await outcomeOf(await sign("RS512"), options)).toBe("nothing");
    const pinned: Partial<JwtOptions> = { ...options, keys: { ...jwkOf(rsa.publicKey), alg: "RS256" } };
    expect(await outcomeOf(await sign("RS256"), pinned)).toBe("nothing");
    expect(await outcomeOf(await sign("RS512"), pinned)).toBe("ERR_SIGNATURE_MISMATCH 401");
  });
});

test.each([
  ["jku", "https://evil.example/jwks.json"],
  ["x5u", "https://evil.example/cert.pem"],
  ["x5c", ["MIIB"]],
  ["jwk", { kty: "EC" }],
])("a token that brings its own key in %s is refused, not only read without it", async (name, value) => {
  expect(await outcomeOf(await signToken())).toBe("nothing");
  expect(await outcomeOf(await signToken({ head: { [name]: value } }))).toBe("ERR_TOKEN_INVALID 401");
});

test("a token with critical header parameters is refused, known ones or not", async () => {
  const [, claims = "", signature = ""] = (await signToken()).split(".");
  for (const crit of [["b64"], ["x-unknown"], [], "b64"]) {
    const head = Buffer.from(JSON.stringify({ alg: "ES256", crit, b64: true })).toString("base64url");
    expect(await outcomeOf(`${head}.${claims}.${signature}`)).toBe("ERR_TOKEN_INVALID 401");
  }
});

test("one of several keys is enough, in either order, and keys may be resolved", async () => {
  const [one, two] = [ec.publicKey, pairFor("ES256").publicKey];
  const token = await signToken({ head: { kid: "any" } });
  for (const keys of [[one, two], [two, one], async () => one, [two, async () => [two, one]]]) {
    expect(await outcomeOf(token, { keys })).toBe("nothing");
  }
  expect(await outcomeOf(token, { keys: two })).toBe("ERR_SIGNATURE_MISMATCH 401");
  expect(await outcomeOf(token, { keys: [two, () => Promise.reject(new Error("down"))] })).toBe(
    "ERR_KEY_SOURCE_UNAVAILABLE 503",
  );
});

test("a JWK that names a kid checks no token that names another", async () => {
  const key = { ...jwkOf(ec.publicKey), kid: "k1" };
  expect(await outcomeOf(await signToken({ head: { kid: "k1" } }), { keys: key })).toBe("nothing");
  expect(await outcomeOf(await signToken(), { keys: key })).toBe("nothing");
  expect(await outcomeOf(await signToken({ head: { kid: "k2" } }), { keys: key })).toBe("ERR_SIGNATURE_MISMATCH 401");
});
