import type { Provider } from "@hooklatch/core";
import { ConfigError } from "@hooklatch/core/errors";
import { allOf, ipAllowlist, sharedSecret } from "@hooklatch/core/schemes";
import type { IpAllowlistOptions, SharedSecretPlace } from "@hooklatch/core/schemes";

import { readWindow } from "../read-window.ts";
import { limitsOf, secretsOf } from "../secret-options.ts";
import type { SecretOptions } from "../secret-options.ts";
import { createDescribe } from "./describe.ts";
import type { EnderpayEvents } from "./events.ts";

/** How the Enderpay provider is set up. Its secrets are those in the URL, of 16 characters or more. */
export interface EnderpayOptions extends Omit<SecretOptions, "otherKeys"> {
  /** Where in the URL the secret stands. Default: it is the last segment of the path. */
  readonly secretIn?: EnderpaySecretPlace;
  /**
   * Takes deliveries from these addresses and networks only, such as `203.0.113.7` or `203.0.113.0/24`. Enderpay does not
   * publish its own. Default: from anywhere.
   */
  readonly addresses?: IpAllowlistOptions["addresses"];
  /** Where the sender's address stands behind a proxy of yours; for `addresses`. Default: the connection's own. */
  readonly clientAddress?: NonNullable<IpAllowlistOptions["clientAddress"]>;
  /**
   * For how long the same body counts as a redelivery of the same event, in milliseconds. After that it is a new event.
   * At most a day. Default: 2 minutes.
   */
  readonly windowMs?: number;
}

/** The last segment of the path, or a parameter of the query. */
export type EnderpaySecretPlace = Extract<SharedSecretPlace, { readonly in: "path" | "query" }>;

/**
 * Enderpay: notifications about purchases, rewards and logins in a game server's store. Enderpay signs nothing, so the
 * address it calls holds a secret. It proves who calls, and nothing about the body.
 *
 * @throws {ConfigError} `ERR_SECRET_MISSING`, `ERR_KEY_INVALID` or `ERR_OPTION_INVALID`
 */
export function enderpay(options: EnderpayOptions): Provider<EnderpayEvents> {
  const windowMs = readWindow("enderpay", options.windowMs);
  return {
    name: "enderpay",
    scheme: createScheme(options),
    body: "json",
    maxBodyBytes: 64 * 1024,
    // Whether it sends anything again is not public. Beyond the window an equal body is a new event by definition.
    retryHorizonMs: windowMs,
    ...limitsOf(options),
    describe: createDescribe(windowMs),
  };
}

function createScheme(options: EnderpayOptions) {
  const { secretIn = { in: "path" }, clientAddress } = options;
  const secrets = secretsOf(options, {
    variable: "ENDERPAY_SECRET",
    help: "Make one with openssl rand -hex 32 and put it into the URL that you give to Enderpay.",
  });
  if (!["path", "query"].includes(secretIn.in)) {
    throw new ConfigError("ERR_OPTION_INVALID", 'enderpay: secretIn.in must be "path" or "query".');
  }
  const secret = sharedSecret({ ...secretIn, ...secrets });
  const { addresses } = options;
  if (addresses === undefined) {
    if (!Object.hasOwn(options, "addresses")) return secret;
    throw new ConfigError("ERR_OPTION_INVALID", "enderpay: addresses is undefined; leave it out to take all.");
  }
  // The address first: from elsewhere nobody can find out whether a secret is right.
  return allOf(ipAllowlist({ addresses, ...(clientAddress === undefined ? {} : { clientAddress }) }), secret);
}
