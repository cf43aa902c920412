import type { Delivery } from "@hooklatch/core";

/**
 * What Shopify says of a delivery in headers, which it does not sign: whoever holds a captured delivery can send it again
 * with others.
 */
export interface ShopifyUnsigned {
  /**
   * `X-Shopify-Topic`: the event's type, which therefore is not signed either. Held against the option `topics` and, as far
   * as that can be done, against the signed body.
   */
  readonly topic: string;
  /**
   * `X-Shopify-Shop-Domain`: the shop it is about, such as `kedai.myshopify.com`. Of most topics the body names no shop;
   * before you act on another shop's data, find the object by its signed id.
   */
  readonly shopDomain?: string;
  /** `X-Shopify-Webhook-Id`: one for each delivery to a subscription, the same when it is tried again. */
  readonly webhookId?: string;
  /** `X-Shopify-Event-Id`: the same for all topics that one action of a merchant sets off. */
  readonly eventId?: string;
  /** `X-Shopify-Triggered-At`, as ISO 8601. */
  readonly triggeredAt?: string;
  /** `X-Shopify-API-Version`: the version that the body is written in. */
  readonly apiVersion?: string;
}

/** Reads what is not signed. */
export function readUnsigned(delivery: Delivery): ShopifyUnsigned {
  const shopDomain = delivery.header("x-shopify-shop-domain");
  const webhookId = delivery.header("x-shopify-webhook-id");
  const eventId = delivery.header("x-shopify-event-id");
  const triggeredAt = delivery.header("x-shopify-triggered-at");
  const apiVersion = delivery.header("x-shopify-api-version");
  return {
    topic: delivery.header("x-shopify-topic") ?? "",
    ...(shopDomain === undefined ? {} : { shopDomain }),
    ...(webhookId === undefined ? {} : { webhookId }),
    ...(eventId === undefined ? {} : { eventId }),
    ...(triggeredAt === undefined ? {} : { triggeredAt }),
    ...(apiVersion === undefined ? {} : { apiVersion }),
  };
}
