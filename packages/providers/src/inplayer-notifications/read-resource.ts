import type { BodyObject } from "@hooklatch/core";

/** The first second of the year 1, in Unix seconds: what Go writes for a time that is not set. */
export const zeroTime = -62_135_596_800;

const timeFields: ReadonlySet<string> = new Set(["starts_at", "expires_at", "created_at", "updated_at", "timestamp"]);

/**
 * The resource of a message as handlers are given it: an empty one where there is none, without times that are not set,
 * and with an asset's `metahash` under the name `metadata` too.
 */
export function readResource(given: unknown): BodyObject {
  if (!isObject(given)) return {};
  const { item, ...rest } = given;
  const resource = withoutZeroTimes(rest);
  return item === undefined ? resource : { ...resource, item: isObject(item) ? readItem(item) : item };
}

function readItem(given: BodyObject): BodyObject {
  const item = withoutZeroTimes(given);
  const { metadata, metahash } = item;
  return isObject(metahash) && !isObject(metadata) ? { ...item, metadata: metahash } : item;
}

function withoutZeroTimes(fields: BodyObject): BodyObject {
  return Object.fromEntries(
    Object.entries(fields).filter(([name, value]) => !(value === zeroTime && timeFields.has(name))),
  );
}

function isObject(value: unknown): value is BodyObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
