export { enderpay } from "./enderpay.ts";
export type { EnderpayOptions, EnderpaySecretPlace } from "./enderpay.ts";
export { enderpayEventTypes } from "./events.ts";
export type { EnderpayEvents, EnderpayEventType } from "./events.ts";
export type { Ban, BannedLogin, Customer, GivenReward, Login, Package, Payment, Purchase, Reward } from "./payload.ts";
