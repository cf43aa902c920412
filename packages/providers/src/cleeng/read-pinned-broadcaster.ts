import { ConfigError } from "@hooklatch/core/errors";

/**
 * The publisher whose events alone are taken. An environment variable that is not set, or that was made a number without
 * being one, must not become "any".
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID`
 */
export function readPinnedBroadcaster(options: { readonly broadcasterId?: number }): number | undefined {
  if (!Object.hasOwn(options, "broadcasterId")) return undefined;
  const { broadcasterId } = options;
  if (Number.isSafeInteger(broadcasterId)) return broadcasterId;
  throw new ConfigError("ERR_OPTION_INVALID", "cleeng: broadcasterId must be a whole number, or be left out.", {
    help: "If it comes from an environment variable, check that it is set, and make a number of it with Number().",
  });
}
