export { hmac } from "./hmac.ts";
export type { HmacOptions, Secret } from "./hmac.ts";
export type { Keys, Resolver, SignatureEncoding, SignatureOptions, TimestampOptions } from "./options.ts";
export { publicKey } from "./public-key.ts";
export type { PublicKeyInput, PublicKeyOptions } from "./public-key.ts";
