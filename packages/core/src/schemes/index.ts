export { allOf, anyOf } from "./combine.ts";
export { hmac } from "./hmac.ts";
export type { HmacOptions, Secret } from "./hmac.ts";
export { httpMessageSignature } from "./http-message-signature.ts";
export type { MessageSignatureAlgorithm } from "./message-signature/algorithms.ts";
export type { HttpMessageSignatureOptions } from "./message-signature/options.ts";
export { ipAllowlist } from "./ip-allowlist.ts";
export type { IpAllowlistOptions } from "./ip-allowlist.ts";
export { jwt } from "./jwt.ts";
export type { BodyHash } from "./body-digest.ts";
export type { JwtAlgorithm } from "./jwt/algorithms.ts";
export type { BodyHashOptions } from "./jwt/body-hash.ts";
export type { JwksAnswer, JwksFetch, JwksOptions, JwksRequest } from "./jwt/jwks.ts";
export type { Jwk, JwtKey } from "./jwt/key.ts";
export type { JwtOptions } from "./jwt/options.ts";
export type {
  Keys,
  Resolver,
  SignatureEncoding,
  SignatureFields,
  SignatureOptions,
  TimestampOptions,
} from "./options.ts";
export { publicKey } from "./public-key.ts";
export type { PublicKeyInput, PublicKeyOptions } from "./public-key.ts";
export type { CacheOptions } from "./resolved-keys.ts";
export { sharedSecret } from "./shared-secret.ts";
export type { SharedSecretOptions } from "./shared-secret.ts";
export type { SharedSecretPlace } from "./secret-place.ts";
export { standardWebhooks } from "./standard-webhooks.ts";
export type { StandardWebhooksOptions } from "./standard-webhooks.ts";
