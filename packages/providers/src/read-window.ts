import { ConfigError } from "@hooklatch/core/errors";

const dayMs = 86_400_000;

/**
 * For how long the same body counts as the same event, in milliseconds, for a platform that names its events by nothing.
 * Default: 2 minutes, in which a sender that got no answer has tried again, and a buyer has hardly paid twice.
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID`; above a day equal events that are far apart would be lost
 */
export function readWindow(provider: string, windowMs = 120_000): number {
  if (Number.isSafeInteger(windowMs) && windowMs > 0 && windowMs <= dayMs) return windowMs;
  throw new ConfigError(
    "ERR_OPTION_INVALID",
    `${provider}: windowMs must be a whole number from 1 to ${dayMs}, a day.`,
  );
}
