import type { Provider } from "@hooklatch/core";
import { publicKey } from "@hooklatch/core/schemes";
import type { Keys } from "@hooklatch/core/schemes";

import { readOtherKeys } from "../other-keys.ts";
import { readPublicKeys } from "../read-public-keys.ts";
import type { PublicKeyHint } from "../read-public-keys.ts";
import { limitsOf } from "../secret-options.ts";
import { describe } from "./describe.ts";
import type { ChipSendEvents } from "./events.ts";

/** How the CHIP Send provider is set up. */
export interface ChipSendOptions {
  /**
   * The public key of the webhook, as PEM; line breaks may be written as `\n`. Several for several webhooks, or a
   * function that fetches them.
   */
  readonly publicKey: Keys<string>;
  /** How long fetched keys are kept, in milliseconds. Default: 5 minutes. */
  readonly cacheMs?: number;
  /** When no key fits, they are fetched anew, but not more often than this, in milliseconds. Default: 1 minute. */
  readonly refreshCooldownMs?: number;
  /**
   * PEMs that are known but MUST NOT be accepted here, by a name for each, such as `{ staging: … }` in production. They
   * prove nothing: `result.explain()` tells which of them a refused delivery was signed with.
   */
  readonly otherKeys?: Readonly<Record<string, string>>;
  /** The largest body accepted. Default: 1 MiB. */
  readonly maxBodyBytes?: number;
  /** Standard Schemas that payloads must pass, by event type. */
  readonly schemas?: NonNullable<Provider["schemas"]>;
}

/**
 * CHIP Send: webhooks about money sent to bank accounts, signed with RSA and SHA-512.
 *
 * @throws {ConfigError} `ERR_SECRET_MISSING`, `ERR_KEY_INVALID` or `ERR_OPTION_INVALID`
 */
export function chipSend(options: ChipSendOptions): Provider<ChipSendEvents> {
  const { cacheMs, refreshCooldownMs } = options;
  return {
    name: "chip-send",
    scheme: publicKey({
      algorithm: "rsa-pkcs1",
      hash: "sha512",
      header: "x-signature",
      encoding: "base64",
      keys: readPublicKeys(options.publicKey, hint),
      ...readOtherKeys(options, hint),
      ...(cacheMs === undefined ? {} : { cacheMs }),
      ...(refreshCooldownMs === undefined ? {} : { refreshCooldownMs }),
    }),
    body: "json",
    maxBodyBytes: 1024 * 1024,
    // CHIP speaks of 25 redeliveries over about 21 days.
    retryHorizonMs: 30 * 86_400_000,
    ...limitsOf(options),
    describe,
  };
}

const hint: PublicKeyHint = {
  variable: "CHIP_SEND_PUBLIC_KEY",
  help: "Copy the public key of the webhook from CHIP Send's dashboard, or public_key from its API.",
};
