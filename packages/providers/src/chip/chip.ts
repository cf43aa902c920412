import type { Provider } from "@hooklatch/core";
import { publicKey } from "@hooklatch/core/schemes";
import type { Resolver } from "@hooklatch/core/schemes";

import { modeByField, withModeHint } from "../mode-hint.ts";
import { readOtherKeys } from "../other-keys.ts";
import { missingKey, readPublicKeys } from "../read-public-keys.ts";
import type { PublicKeyHint } from "../read-public-keys.ts";
import { limitsOf } from "../secret-options.ts";
import type { ChipApiOptions } from "./api-options.ts";
import { companyKey } from "./company-key.ts";
import { describe } from "./describe.ts";
import type { ChipEvents } from "./events.ts";

/** How the CHIP provider is set up. At least one of `publicKey` and `companyKey` MUST be given. */
export interface ChipOptions {
  /**
   * The public key of a registered webhook, as PEM; line breaks may be written as `\n`. Several for several webhooks,
   * or a function that fetches them.
   */
  readonly publicKey?: ChipKey | readonly ChipKey[];
  /** Fetches the company's key, which signs success callbacks. Tried after `publicKey`. */
  readonly companyKey?: ChipCompanyKey;
  /**
   * PEMs that are known but MUST NOT be accepted here, by a name for each, such as `{ "test mode": … }` at a live
   * endpoint. They prove nothing: `result.explain()` tells which of them a refused delivery was signed with.
   */
  readonly otherKeys?: Readonly<Record<string, string>>;
  /** The largest body accepted. Default: 1 MiB. */
  readonly maxBodyBytes?: number;
  /** Standard Schemas that payloads must pass, by event type. */
  readonly schemas?: NonNullable<Provider["schemas"]>;
}

/** A PEM, or a function that fetches one or several. */
export type ChipKey = string | Resolver<string>;

/** How the company's key is fetched and kept. The two times hold for a `publicKey` that is a function, too. */
export interface ChipCompanyKey extends ChipApiOptions {
  /** How long it is kept, in milliseconds. Default: 5 minutes. */
  readonly cacheMs?: number;
  /** When no key fits, it is fetched anew, but not more often than this, in milliseconds. Default: 1 minute. */
  readonly refreshCooldownMs?: number;
}

/**
 * CHIP Collect: webhooks and success callbacks, signed with RSA and SHA-256.
 *
 * @example
 *   const payments = createReceiver({ provider: chip({ publicKey: process.env.CHIP_PUBLIC_KEY! }) });
 *
 * @throws {ConfigError} `ERR_SECRET_MISSING`, `ERR_KEY_INVALID` or `ERR_OPTION_INVALID`
 */
export function chip(options: ChipOptions): Provider<ChipEvents> {
  if (typeof options !== "object" || options === null) throw missingKey("chip() was called without its options", hint);
  const { cacheMs, refreshCooldownMs } = options.companyKey ?? {};
  return {
    name: "chip",
    scheme: withModeHint(
      publicKey({
        algorithm: "rsa-pkcs1",
        hash: "sha256",
        header: "x-signature",
        encoding: "base64",
        keys: readKeys(options),
        ...readOtherKeys(options, hint),
        ...(cacheMs === undefined ? {} : { cacheMs }),
        ...(refreshCooldownMs === undefined ? {} : { refreshCooldownMs }),
      }),
      modeByField("is_test", { whenTrue: "test" }),
    ),
    body: "json",
    maxBodyBytes: 1024 * 1024,
    // The last of eight attempts comes after 36 h 26 min. An older page of CHIP's speaks of eight more after the first.
    retryHorizonMs: 48 * 60 * 60 * 1000,
    ...limitsOf(options),
    describe,
  };
}

function readKeys(options: ChipOptions): readonly ChipKey[] {
  const { companyKey: company } = options;
  const fetched = company === undefined ? [] : [companyKey(company)];
  // A `publicKey` that is there but undefined is a forgotten variable, even beside a company key.
  return company !== undefined && !Object.hasOwn(options, "publicKey")
    ? fetched
    : [...readPublicKeys(options.publicKey, hint), ...fetched];
}

const hint: PublicKeyHint = {
  variable: "CHIP_PUBLIC_KEY",
  help: "Copy the public key of the webhook from CHIP's dashboard, or give companyKey for success callbacks.",
};
