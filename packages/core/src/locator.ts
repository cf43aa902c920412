import { ConfigError } from "./errors.ts";
import type { Delivery } from "./delivery.ts";
import type { BodyObject } from "./provider.ts";
import { readIdAt, valueAt } from "./read-id.ts";

/** Where something stands in a body: a path such as `data.object`, or a function that finds it. */
export type Locator = string | ((body: BodyObject, delivery: Delivery) => unknown);

/** Finds one thing in a delivery. */
export type Finder = (body: BodyObject, delivery: Delivery) => unknown;

/**
 * Makes a function of a locator.
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID`, naming the option
 */
export function toFinder(locator: Locator, option: string): Finder {
  if (typeof locator === "function") return locator;
  const path = toPath(locator, option);
  return (body) => valueAt(body, path);
}

/**
 * Makes a function of the locator of an id: along a path, numbers past 2^53 keep their digits.
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID`, naming the option
 */
export function toIdFinder(locator: Locator, option: string): Finder {
  if (typeof locator === "function") return locator;
  const path = toPath(locator, option);
  return (body, delivery) => readIdAt(body, path, delivery);
}

function toPath(locator: unknown, option: string): readonly string[] {
  const path = typeof locator === "string" ? locator.split(".") : [];
  if (path.length > 0 && path.every((key) => key !== "")) return path;
  throw new ConfigError(
    "ERR_OPTION_INVALID",
    `defineProvider: ${option} must be a path such as data.id, or a function.`,
  );
}
