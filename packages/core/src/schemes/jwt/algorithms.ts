import type { KeyObject } from "node:crypto";

/** The algorithms of RFC 7518 and RFC 8037 that sign with a private key. There is no other: no `none`, no shared secret. */
export type JwtAlgorithm =
  | "RS256"
  | "RS384"
  | "RS512"
  | "PS256"
  | "PS384"
  | "PS512"
  | "ES256"
  | "ES384"
  | "ES512"
  | "EdDSA"
  | "Ed25519";

/** The shortest RSA key that RFC 7518, section 3.3, allows. */
const leastRsaBits = 2048;

const isRsa = ({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean =>
  asymmetricKeyType === "rsa" && (asymmetricKeyDetails?.modulusLength ?? 0) >= leastRsaBits;

const isOnCurve =
  (curve: string) =>
  ({ asymmetricKeyDetails }: KeyObject): boolean =>
    asymmetricKeyDetails?.namedCurve === curve;

const isEd25519 = ({ asymmetricKeyType }: KeyObject): boolean => asymmetricKeyType === "ed25519";

/** Each algorithm with the keys that it works with. */
export const jwtAlgorithms = {
  RS256: isRsa,
  RS384: isRsa,
  RS512: isRsa,
  PS256: isRsa,
  PS384: isRsa,
  PS512: isRsa,
  ES256: isOnCurve("prime256v1"),
  ES384: isOnCurve("secp384r1"),
  ES512: isOnCurve("secp521r1"),
  EdDSA: isEd25519,
  Ed25519: isEd25519,
} as const satisfies Record<JwtAlgorithm, (key: KeyObject) => boolean>;
