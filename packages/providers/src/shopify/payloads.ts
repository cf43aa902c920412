import type { ShopifyUnsigned } from "./unsigned.ts";

/** A signed body of Shopify with what stood unsigned in the headers. */
export type ShopifyPayload<Body = ShopifyBody> = Body & { readonly unsigned: ShopifyUnsigned };

/** Any resource of Shopify's Admin API, as its REST form has it. */
export interface ShopifyBody {
  readonly id?: number | string;
  /** `gid://shopify/Order/…`; tells what kind of resource it is. */
  readonly admin_graphql_api_id?: string;
  readonly [field: string]: unknown;
}

/** A shop's customer asks which data you hold. You have 30 days. */
export interface ShopifyCustomerDataRequest {
  readonly shop_id: number;
  readonly shop_domain: string;
  readonly orders_requested: readonly number[];
  readonly customer: ShopifyCustomer;
  readonly data_request: { readonly id: number };
}

/** A customer's data is to be erased. */
export interface ShopifyCustomerRedaction {
  readonly shop_id: number;
  readonly shop_domain: string;
  readonly customer: ShopifyCustomer;
  readonly orders_to_redact: readonly number[];
}

/** A shop's data is to be erased, 48 hours after it uninstalled the app. */
export interface ShopifyShopRedaction {
  readonly shop_id: number;
  readonly shop_domain: string;
}

/** Whose data it is about. */
export interface ShopifyCustomer {
  readonly id: number;
  readonly email?: string | null;
  readonly phone?: string | null;
}
