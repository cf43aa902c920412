import { generateKeyPairSync } from "node:crypto";

import { describe, expect, test } from "vitest";

import { thrownBy } from "../../test-support/caught.ts";
import { ec, jwkOf, rsa, tokenScheme } from "../../test-support/test-tokens.ts";

describe("at the start", () => {
  const rsaJwk = jwkOf(rsa.publicKey);
  const p384 = generateKeyPairSync("ec", { namedCurve: "P-384" }).publicKey;
  const weak = generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey;
  const start = (options: object) => thrownBy(() => tokenScheme(options));

  test.each([
    ["algorithms", { algorithms: ["none"] }],
    ["algorithms", { algorithms: ["HS256"] }],
    ["algorithms", { algorithms: ["ES256", "HS512"] }],
    ["algorithms", { algorithms: [] }],
    ["algorithms", { algorithms: "ES256" }],
    ["algorithms", { algorithms: undefined }],
    ["algorithms", { algorithms: ["toString"] }],
    ["issuer", { issuer: undefined }],
    ["issuer", { issuer: " " }],
    ["issuer", { issuer: [] }],
    ["audience", { audience: undefined }],
    ["audience", { audience: ["a", ""] }],
    ["audience", { audience: true }],
    ["bodyHash", { bodyHash: undefined }],
    ["bodyHash", { bodyHash: "nothing" }],
    ["bodyHash", { bodyHash: { claim: "", encoding: "hex" } }],
    ["bodyHash", { bodyHash: { claim: "h" } }],
    ["bodyHash", { bodyHash: { claim: "h", encoding: "hex", hash: "md5" } }],
    ["header", { header: "a b" }],
    ["claims", { claims: { email: undefined } }],
    ["maxAgeMs", { maxAgeMs: -1 }],
    ["toleranceMs", { toleranceMs: Number.NaN }],
    ["jwksUrl", { keys: { jwksUrl: "http://keys.example/jwks.json" } }],
    ["jwksUrl", { keys: { jwksUrl: "https://user:pass@keys.example/jwks.json" } }],
    ["jwksUrl", { keys: { jwksUrl: "https://user@keys.example/jwks.json" } }],
    ["jwksUrl", { keys: { jwksUrl: undefined } }],
    ["jwksUrl", { keys: { jwksUrl: "file:///etc/jwks.json" } }],
    ["jwksUrl", { keys: { jwksUrl: "http://127.0.0.1.evil.example/" } }],
    ["cooldownMs", { keys: { jwksUrl: "https://keys.example/", cooldownMs: -1 } }],
    ["cacheMs", { keys: { jwksUrl: "https://keys.example/", cacheMs: 1 } }],
    ["fetch", { keys: { jwksUrl: "https://keys.example/", fetch: "no" } }],
  ])("refuses a bad %s and names it: %j", (name, options) => {
    const error = start(options);
    expect(error).toMatchObject({ name: "ConfigError", code: "ERR_OPTION_INVALID" });
    expect(error.message).toContain(name);
  });

  test.each([
    ["a key for another algorithm", { keys: rsaJwk }],
    ["a key on another curve", { keys: p384 }],
    ["an RSA key that is too short", { algorithms: ["RS256"], keys: weak }],
    ["a second key for another algorithm", { keys: [ec.publicKey, p384] }],
    ["a JWK for another algorithm by its alg", { algorithms: ["RS256"], keys: { ...rsaJwk, alg: "RS512" } }],
    ["a JWK for encryption", { algorithms: ["RS256"], keys: { ...rsaJwk, use: "enc" } }],
    ["a JWK for signing only", { algorithms: ["RS256"], keys: { ...rsaJwk, key_ops: ["sign"] } }],
    ["a private JWK", { algorithms: ["RS256"], keys: jwkOf(rsa.privateKey) }],
    ["a secret JWK", { algorithms: ["RS256"], keys: { kty: "oct", k: "c2VjcmV0" } }],
    ["a JWK that is broken", { keys: { kty: "EC", crv: "P-256", x: "AA" } }],
    ["a private key", { keys: ec.privateKey }],
    ["text that is no PEM", { keys: "key" }],
  ])("refuses %s", (_what, options) => {
    expect(start(options)).toMatchObject({ name: "ConfigError", code: "ERR_KEY_INVALID" });
  });

  test.each([undefined, null, "", " ", []])("refuses keys that are %j", (keys) => {
    expect(start({ keys })).toMatchObject({ name: "ConfigError", code: "ERR_SECRET_MISSING" });
  });
});
