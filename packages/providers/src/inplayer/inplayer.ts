import type { Provider } from "@hooklatch/core";
import { hmac } from "@hooklatch/core/schemes";

import { limitsOf, secretsOf } from "../secret-options.ts";
import type { SecretHint, SecretOptions } from "../secret-options.ts";
import { describe } from "./describe.ts";
import type { InPlayerEvents } from "./events.ts";

/** How the provider of InPlayer's webhooks is set up. `secrets` are the API secrets of the merchant. */
export interface InPlayerOptions extends SecretOptions {}

/**
 * InPlayer's webhooks: forms, signed with HMAC-SHA256 over the text as it was sent.
 *
 * @example
 *   const media = createReceiver({ provider: inplayer({ secrets: process.env.INPLAYER_API_SECRET! }) });
 *
 * @see https://developers.inplayer.com/docs/webhooks
 * @throws {ConfigError} `ERR_SECRET_MISSING`, `ERR_KEY_INVALID` or `ERR_OPTION_INVALID`
 */
export function inplayer(options: InPlayerOptions): Provider<InPlayerEvents> {
  return {
    name: "inplayer",
    scheme: hmac({
      ...secretsOf(options, hint),
      header: "x-inplayer-signature",
      encoding: "hex",
      prefix: "sha256=",
    }),
    body: "form",
    maxBodyBytes: 1024 * 1024,
    // InPlayer does not say for how long it tries. The longest schedule we know of another platform ends after 21 days.
    retryHorizonMs: 30 * 86_400_000,
    ...limitsOf(options),
    describe,
  };
}

const hint: SecretHint = {
  variable: "INPLAYER_API_SECRET",
  help: "Generate the API secret in InPlayer's dashboard, under API Settings.",
};
