import { createPublicKey, KeyObject } from "node:crypto";

import { ConfigError } from "../../errors.ts";
import { readPublicKey } from "../public-key.ts";
import { jwtAlgorithms } from "./algorithms.ts";
import type { JwtAlgorithm } from "./algorithms.ts";

/** A public JSON Web Key, RFC 7517. */
export interface Jwk {
  readonly kty: string;
  /** Tokens that name another `kid` are not checked with this key. */
  readonly kid?: string;
  readonly alg?: string;
  readonly use?: string;
  readonly [member: string]: unknown;
}

/** A public key as PEM (literal `\n` accepted), as JWK or as Node's KeyObject. */
export type JwtKey = string | Jwk | KeyObject;

/** A key with what it may be used for. */
export interface ReadyJwtKey {
  readonly key: KeyObject;
  readonly kid?: string;
  readonly algorithms: readonly JwtAlgorithm[];
}

/**
 * Reads a key once and pins what it is good for.
 *
 * @throws {ConfigError} `ERR_SECRET_MISSING`, `ERR_KEY_INVALID` for a private key or one that none of the algorithms takes
 */
export function readJwtKey(given: JwtKey, allowed: readonly JwtAlgorithm[]): ReadyJwtKey {
  const jwk = isJwk(given) ? given : undefined;
  const key = isJwk(given) ? parseJwk(given) : readPublicKey(given);
  const algorithms = allowed.filter((name) => jwtAlgorithms[name](key) && (jwk?.alg === undefined || jwk.alg === name));
  if (algorithms.length === 0) {
    throw new ConfigError(
      "ERR_KEY_INVALID",
      `A key of type ${key.asymmetricKeyType} fits none of the algorithms ${allowed.join(", ")}.`,
      { help: "Compare the key's type, curve and alg with the algorithms. An RSA key needs 2048 bits or more." },
    );
  }
  return { key, algorithms, ...(typeof jwk?.kid === "string" ? { kid: jwk.kid } : {}) };
}

function isJwk(given: JwtKey): given is Jwk {
  return typeof given === "object" && given !== null && !(given instanceof KeyObject);
}

function parseJwk(jwk: Jwk): KeyObject {
  // Node would make the public key of a private one, and leave a private key lying about in the configuration.
  if (jwk.kty === "oct" || jwk["d"] !== undefined) {
    throw new ConfigError("ERR_KEY_INVALID", "A private or secret JWK was given where a public key is needed.", {
      help: "The private key stays with the platform.",
    });
  }
  const { use, key_ops: uses } = jwk;
  if (
    (use !== undefined && use !== "sig") ||
    (uses !== undefined && !(Array.isArray(uses) && uses.includes("verify")))
  ) {
    throw new ConfigError("ERR_KEY_INVALID", "A JWK is not meant for signatures: see its use and key_ops.");
  }
  try {
    return createPublicKey({ key: { ...jwk }, format: "jwk" });
  } catch {
    throw new ConfigError("ERR_KEY_INVALID", "A JWK cannot be read as a public key.");
  }
}
