import { createHash } from "node:crypto";

import { defineProvider } from "@hooklatch/core";
import type { Provider } from "@hooklatch/core";
import { hmac } from "@hooklatch/core/schemes";

import { limitsOf, secretsOf } from "../secret-options.ts";
import type { SecretHint, SecretOptions } from "../secret-options.ts";
import type { ShopifyEvents } from "./events.ts";
import { readTopic } from "./topic.ts";
import { readUnsigned } from "./unsigned.ts";

/** How the Shopify provider is set up. `secrets` are the client secrets of the app, or the shop's own for notifications. */
export interface ShopifyOptions extends SecretOptions {}

/**
 * Shopify: webhooks over HTTPS in JSON, signed with HMAC-SHA256 over the body.
 *
 * @example
 *   const shop = createReceiver({ provider: shopify({ secrets: process.env.SHOPIFY_API_SECRET! }) });
 *
 * @see https://shopify.dev/docs/apps/build/webhooks/subscribe/https
 * @throws {ConfigError} `ERR_SECRET_MISSING`, `ERR_KEY_INVALID` or `ERR_OPTION_INVALID`
 */
export function shopify(options: ShopifyOptions): Provider<ShopifyEvents> {
  return {
    ...defineProvider<ShopifyEvents>({
      name: "shopify",
      scheme: hmac({ ...secretsOf(options, hint), header: "x-shopify-hmac-sha256", encoding: "base64" }),
      type: readTopic,
      // The ids of Shopify stand in headers and are not signed. The topic stands with the hash, though it is not signed
      // either: one order that is made and paid at once comes as two topics, at times with the same bytes.
      id: (body, delivery) =>
        `${readTopic(body, delivery)}/${createHash("sha256").update(delivery.body).digest("hex")}`,
      payload: (body, delivery) => ({ ...body, unsigned: readUnsigned(delivery) }),
      maxBodyBytes: 4 * 1024 * 1024,
      // Eight more attempts within 4 hours.
      retryHorizonMs: 2 * 86_400_000,
    }),
    ...limitsOf(options),
  };
}

const hint: SecretHint = {
  variable: "SHOPIFY_API_SECRET",
  help: "Copy the client secret of the app, or, for notifications made in the admin, the secret shown in their settings.",
  mistakenFor: (secret) => (/^shp(?:at|ca|pa|ua)_/.test(secret) ? "an access token, not a client secret" : undefined),
};
