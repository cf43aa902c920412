import type { BodyObject } from "@hooklatch/core";
import { ConfigError } from "@hooklatch/core/errors";

import type { MockEvent } from "./mock-platform.ts";

/**
 * An event's payload as the object that it is in every fixture.
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID` when an override made something else of it
 */
export function readPayload({ type, payload }: MockEvent): BodyObject {
  if (isObject(payload)) return payload;
  throw new ConfigError("ERR_OPTION_INVALID", `The payload of ${type} must be an object.`);
}

function isObject(value: unknown): value is BodyObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
