export { shopify } from "./shopify.ts";
export type { ShopifyOptions } from "./shopify.ts";
export type { SecretOptions } from "../secret-options.ts";
export { shopifyTopics } from "./events.ts";
export type { ShopifyEvents, ShopifyEventType } from "./events.ts";
export type {
  ShopifyBody,
  ShopifyCustomer,
  ShopifyCustomerDataRequest,
  ShopifyCustomerRedaction,
  ShopifyPayload,
  ShopifyShopRedaction,
} from "./payloads.ts";
export type { ShopifyUnsigned } from "./unsigned.ts";
