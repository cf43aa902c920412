import { constants, createHmac, KeyObject, timingSafeEqual, verify } from "node:crypto";
import type { SigningOptions } from "node:crypto";

import { ConfigError } from "../../errors.ts";
import { readSecret } from "../hmac.ts";
import type { Secret } from "../hmac.ts";
import { readPublicKey } from "../public-key.ts";
import type { PublicKeyInput } from "../public-key.ts";

/** The algorithms of RFC 9421, section 3.3, by the names of its registry. */
export type MessageSignatureAlgorithm =
  | "ed25519"
  | "ecdsa-p256-sha256"
  | "rsa-pss-sha512"
  | "rsa-v1_5-sha256"
  | "hmac-sha256";

interface Procedure {
  readonly read: (given: Secret | PublicKeyInput) => KeyObject;
  readonly verify: (base: Uint8Array, key: KeyObject, signature: Uint8Array) => boolean;
}

/** Each algorithm: which keys it takes, and how a signature is checked. */
export const messageSignatureAlgorithms = {
  ed25519: asymmetric("an Ed25519", (key) => key.asymmetricKeyType === "ed25519", null, {}),
  "ecdsa-p256-sha256": asymmetric(
    "a P-256",
    ({ asymmetricKeyDetails }) => asymmetricKeyDetails?.namedCurve === "prime256v1",
    "sha256",
    { dsaEncoding: "ieee-p1363" },
  ),
  "rsa-pss-sha512": asymmetric("an RSA", isRsa, "sha512", { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 64 }),
  "rsa-v1_5-sha256": asymmetric("an RSA", isRsa, "sha256", { padding: constants.RSA_PKCS1_PADDING }),
  "hmac-sha256": {
    read: (given) => {
      if (!(given instanceof KeyObject)) return readSecret(given);
      throw new ConfigError("ERR_KEY_INVALID", "hmac-sha256 needs a secret as text or bytes, not a key object.");
    },
    verify: (base, key, signature) => {
      const expected = createHmac("sha256", key).update(base).digest();
      return expected.length === signature.length && timingSafeEqual(expected, signature);
    },
  },
} as const satisfies Record<MessageSignatureAlgorithm, Procedure>;

function asymmetric(
  name: string,
  fits: (key: KeyObject) => boolean,
  hash: string | null,
  signing: SigningOptions,
): Procedure {
  return {
    read: (given) => {
      if (given instanceof Uint8Array) throw new ConfigError("ERR_KEY_INVALID", "A public key is a PEM, not bytes.");
      const key = readPublicKey(given);
      if (fits(key)) return key;
      throw new ConfigError("ERR_KEY_INVALID", `The key is of type ${key.asymmetricKeyType}; it must be ${name} key.`, {
        help: "An RSA key must have 2048 bits or more.",
      });
    },
    verify: (base, key, signature) => verify(hash, base, { key, ...signing }, signature),
  };
}

/** Not `rsa-pss`: such a key may forbid the one hash and salt that RFC 9421 knows. */
function isRsa({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean {
  return asymmetricKeyType === "rsa" && (asymmetricKeyDetails?.modulusLength ?? 0) >= 2048;
}
