import { shopify } from "@hooklatch/providers/shopify";
import type { ShopifyEvents } from "@hooklatch/providers/shopify";

import { encodeJson } from "../json-body.ts";
import type { MockPlatform } from "../mock-platform.ts";
import { createMockSecret } from "../mock-secret.ts";
import type { SecretCredentials, SecretMockOptions } from "../mock-secret.ts";
import { definedHeaders, splitUnsigned } from "../unsigned-headers.ts";
import { shopifyFixture, shopifyFixtureTypes } from "./shopify-fixtures.ts";

/** Eight more attempts over four hours, further and further apart; the times themselves are a guess. */
const attemptsDueMs = [0, 1, 3, 7, 15, 31, 63, 127, 240].map((minutes) => minutes * 60_000);

/**
 * Shopify with a secret of its own: `createMockSender(shopifyMock())`. What a payload has under `unsigned` goes into the
 * headers, so an override there changes what Shopify does not sign. Its `types` are those with a fixture of their own; of
 * any other topic the fixture is an almost empty resource, for overrides to fill.
 *
 * @throws {ConfigError} `ERR_SECRET_MISSING` when `secret` is blank
 */
export function shopifyMock(options: SecretMockOptions = {}): MockPlatform<ShopifyEvents, SecretCredentials> {
  const { secret, digest } = createMockSecret(options, (random) => `shpss_${random.toString("hex").slice(0, 32)}`);
  return {
    name: "shopify",
    provider: shopify({ secrets: secret }),
    credentials: { secret },
    types: shopifyFixtureTypes,
    attemptsDueMs,
    fixture: shopifyFixture,
    encode: ({ payload }) => encodeJson(splitUnsigned(payload).body, { escaped: /[&<>]/g }),
    sign(request, signing) {
      const { topic, shopDomain, webhookId, eventId, triggeredAt, apiVersion } = splitUnsigned(
        signing.event.payload,
      ).unsigned;
      return {
        ...request,
        headers: {
          ...request.headers,
          ...definedHeaders({
            "x-shopify-topic": topic,
            "x-shopify-shop-domain": shopDomain,
            "x-shopify-webhook-id": webhookId,
            "x-shopify-event-id": eventId,
            "x-shopify-triggered-at": triggeredAt,
            "x-shopify-api-version": apiVersion,
          }),
          "x-shopify-hmac-sha256": digest(signing, request.body).toString("base64"),
        },
      };
    },
  };
}
