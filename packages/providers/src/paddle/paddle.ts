import { defineProvider } from "@hooklatch/core";
import type { Provider } from "@hooklatch/core";
import { hmac } from "@hooklatch/core/schemes";

import { limitsOf, secretsOf } from "../secret-options.ts";
import type { SecretHint, SecretOptions } from "../secret-options.ts";
import type { PaddleEvents } from "./events.ts";

/** How the Paddle provider is set up. `secrets` are those of the notification destination. */
export interface PaddleOptions extends SecretOptions {
  /** How far the signed time may lie from now, either way, in milliseconds. Default: 5 minutes. */
  readonly toleranceMs?: number;
}

/**
 * Paddle Billing: notifications signed with HMAC-SHA256 over the time and the body. Not for Paddle Classic.
 *
 * @example
 *   const billing = createReceiver({ provider: paddle({ secrets: process.env.PADDLE_WEBHOOK_SECRET! }) });
 *
 * @see https://developer.paddle.com/webhooks/signature-verification
 * @throws {ConfigError} `ERR_SECRET_MISSING`, `ERR_KEY_INVALID` or `ERR_OPTION_INVALID`
 */
export function paddle(options: PaddleOptions): Provider<PaddleEvents> {
  const { toleranceMs } = options;
  return {
    ...defineProvider<PaddleEvents>({
      name: "paddle",
      scheme: hmac({
        ...secretsOf(options, hint),
        header: "paddle-signature",
        encoding: "hex",
        fields: { separator: ";", assign: "=", signature: "h1" },
        content: "{timestamp}:{body}",
        timestamp: { field: "ts", ...(toleranceMs === undefined ? {} : { toleranceMs }) },
      }),
      id: "event_id",
      type: "event_type",
      occurredAt: { at: "occurred_at" },
      // 60 attempts over 3 days.
      retryHorizonMs: 4 * 86_400_000,
    }),
    ...limitsOf(options),
  };
}

const hint: SecretHint = {
  variable: "PADDLE_WEBHOOK_SECRET",
  help: "Copy the secret key of the notification destination, which starts with pdl_ntfset_, from Paddle's dashboard.",
  // As common as the wrong line of a dashboard; a client-side token is known to everybody.
  mistakenFor: (secret) =>
    /^(?:pdl_(?:live|sdbx)_apikey_|(?:live|test)_[0-9a-z]{27}$)/.test(secret)
      ? "an API key or a client-side token, not the secret of a notification destination"
      : undefined,
};
