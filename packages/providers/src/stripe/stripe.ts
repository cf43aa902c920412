import { defineProvider } from "@hooklatch/core";
import type { Provider } from "@hooklatch/core";
import { hmac } from "@hooklatch/core/schemes";

import { modeByField, withModeHint } from "../mode-hint.ts";
import { limitsOf, secretsOf } from "../secret-options.ts";
import type { SecretHint, SecretOptions } from "../secret-options.ts";
import type { StripeEvents } from "./events.ts";

/** How the Stripe provider is set up. `secrets` are those of the endpoint, with their `whsec_`. */
export interface StripeOptions extends SecretOptions {
  /** How far the signed time may lie from now, either way, in milliseconds. Default: 5 minutes. */
  readonly toleranceMs?: number;
}

/**
 * Stripe: snapshot events and thin events, signed with HMAC-SHA256 over the time and the body.
 *
 * @example
 *   const payments = createReceiver({ provider: stripe({ secrets: process.env.STRIPE_WEBHOOK_SECRET! }) });
 *
 * @see https://docs.stripe.com/webhooks/signature
 * @throws {ConfigError} `ERR_SECRET_MISSING`, `ERR_KEY_INVALID` or `ERR_OPTION_INVALID`
 */
export function stripe(options: StripeOptions): Provider<StripeEvents> {
  const { toleranceMs } = options;
  return {
    ...defineProvider<StripeEvents>({
      name: "stripe",
      scheme: withModeHint(
        hmac({
          // The whole text is the key: what stands behind whsec_ is not decoded.
          ...secretsOf(options, hint),
          header: "stripe-signature",
          encoding: "hex",
          // Test events carry a v0 that proves nothing.
          fields: { separator: ",", assign: "=", signature: "v1" },
          content: "{timestamp}.{body}",
          timestamp: { field: "t", ...(toleranceMs === undefined ? {} : { toleranceMs }) },
        }),
        modeByField("livemode", { whenTrue: "live" }),
      ),
      // Seconds in a snapshot event, ISO 8601 in a thin one.
      occurredAt: { at: "created", unit: "seconds" },
      // Automatic attempts end after 3 days; with the CLI an event can be sent again for 30.
      retryHorizonMs: 30 * 86_400_000,
    }),
    ...limitsOf(options),
  };
}

const hint: SecretHint = {
  variable: "STRIPE_WEBHOOK_SECRET",
  help: "Copy the signing secret of the endpoint, which starts with whsec_, from Stripe's Workbench.",
  // A publishable key is known to everybody: with it as the secret, everybody could sign.
  mistakenFor: (secret) => (/^(?:sk|rk|pk)_/.test(secret) ? "a key of Stripe's API, not a signing secret" : undefined),
};
