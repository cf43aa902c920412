import type { Provider, Scheme } from "@hooklatch/core";
import { RejectedError } from "@hooklatch/core/errors";

import { limitsOf } from "../secret-options.ts";
import type { SecretOptions } from "../secret-options.ts";
import { describe } from "./describe.ts";
import type { InPlayerNotificationEvents } from "./events.ts";

/** How the provider of InPlayer's client notifications is set up. There is no secret: the connection has one. */
export interface InPlayerNotificationsOptions extends Pick<SecretOptions, "maxBodyBytes" | "schemas"> {}

/**
 * InPlayer's client notifications, which come over a connection that the app opens: `connectNotifications` of
 * `@hooklatch/inplayer-notifications`. A receiver with it refuses every HTTP delivery, since nothing would prove one.
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID`
 */
export function inplayerNotifications(
  options: InPlayerNotificationsOptions = {},
): Provider<InPlayerNotificationEvents> {
  return {
    name: "inplayer-notifications",
    scheme: overHttpNever,
    body: "json",
    // The broker's own limit.
    maxBodyBytes: 128 * 1024,
    // It sends nothing again; copies of other connections come within seconds.
    retryHorizonMs: 3_600_000,
    ...limitsOf(options),
    describe,
  };
}

const overHttpNever: Scheme = {
  headers: [],
  verify() {
    throw new RejectedError("ERR_SIGNATURE_MISSING", "InPlayer's client notifications do not come by HTTP.", {
      help:
        "Give the receiver to connectNotifications of @hooklatch/inplayer-notifications. " +
        "For InPlayer's webhooks, use the provider @hooklatch/providers/inplayer.",
    });
  },
};
