import { createHash } from "node:crypto";

import { defineProvider } from "@hooklatch/core";
import type { BodyObject, Delivery, Provider } from "@hooklatch/core";
import { hmac } from "@hooklatch/core/schemes";

import { limitsOf, secretsOf } from "../secret-options.ts";
import type { SecretHint, SecretOptions } from "../secret-options.ts";
import type { ShopifyEvents, ShopifyEventType } from "./events.ts";
import { readTopicList } from "./topic-list.ts";
import { readTopic } from "./topic.ts";
import { readUnsigned } from "./unsigned.ts";

/** How the Shopify provider is set up. `secrets` are the client secrets of the app, or the shop's own for notifications. */
export interface ShopifyOptions extends SecretOptions {
  /**
   * The topics that this endpoint takes; any other is refused. The topic of a delivery is not signed: without a list a
   * captured body can run once under every topic that it fits, with one topic listed once in all. Recommended: an endpoint
   * for each topic that money or deletion hangs on. Default: every topic.
   */
  readonly topics?: readonly ShopifyEventType[];
}

/**
 * Shopify: webhooks over HTTPS in JSON, signed with HMAC-SHA256 over the body. The topic, which is the event's type, is
 * not signed: list the `topics` of the endpoint, and in handlers decide by what the body says.
 *
 * @example
 *   const secrets = process.env.SHOPIFY_API_SECRET!;
 *   const paid = createReceiver({ provider: shopify({ secrets, topics: ["orders/paid"] }), endpoint: "orders-paid" });
 *
 * @see https://shopify.dev/docs/apps/build/webhooks/subscribe/https
 * @throws {ConfigError} `ERR_SECRET_MISSING`, `ERR_KEY_INVALID` or `ERR_OPTION_INVALID`
 */
export function shopify<const Topic extends ShopifyEventType>(
  options: ShopifyOptions & { readonly topics: readonly Topic[] },
): Provider<Pick<ShopifyEvents, Topic>>;
export function shopify(options: ShopifyOptions): Provider<ShopifyEvents>;
export function shopify(options: ShopifyOptions): Provider<ShopifyEvents> {
  const topics = readTopicList(options);
  return {
    ...defineProvider<ShopifyEvents>({
      name: "shopify",
      scheme: hmac({ ...secretsOf(options, hint), header: "x-shopify-hmac-sha256", encoding: "base64" }),
      type: (body, delivery) => readTopic(body, delivery, { topics }),
      // The ids of Shopify stand in headers and are not signed. The topic stands with the hash: one order that is made and
      // paid at once comes as two topics, at times with the same bytes. Where one topic is listed, it is the same in all
      // ids, and they hang on the signed body alone.
      id: (body, delivery) =>
        `${readTopic(body, delivery, { topics })}/${createHash("sha256").update(delivery.body).digest("hex")}`,
      payload: (body, delivery) => ({ ...body, unsigned: readUnsigned(delivery) }),
      keepMs: (body, delivery) => (mayComeAgain(body, delivery) ? bodyWindowMs : undefined),
      maxBodyBytes: 4 * 1024 * 1024,
      // Eight more attempts within 4 hours.
      retryHorizonMs: 2 * 86_400_000,
    }),
    ...limitsOf(options),
  };
}

/** Shopify's attempts at one event end after 4 hours. */
const bodyWindowMs = 5 * 3_600_000;

/**
 * Whether a later event of the topic may have the same bytes, as a subscription with `include_fields` can bring about.
 * What is deleted or erased is so once.
 */
function mayComeAgain(body: BodyObject, delivery: Delivery): boolean {
  return !Object.hasOwn(body, "updated_at") && !/\/(?:delete|redact|data_request)$/.test(readTopic(body, delivery));
}

const hint: SecretHint = {
  variable: "SHOPIFY_API_SECRET",
  help: "Copy the client secret of the app, or, for notifications made in the admin, the secret shown in their settings.",
  mistakenFor: (secret) => (/^shp(?:at|ca|pa|ua)_/.test(secret) ? "an access token, not a client secret" : undefined),
};
