import { decodeText } from "./body/text.ts";
import type { Delivery } from "./delivery.ts";
import { RejectedError } from "./errors.ts";
import type { BodyObject } from "./provider.ts";

/**
 * Reads an id from a top-level field of a JSON body as text. A number past 2^53 keeps all its digits, which
 * `JSON.parse` alone would round, so that two ids would become one.
 *
 * @throws {RejectedError} `ERR_EVENT_ID_INVALID` when it is missing, empty, or neither a string nor an integer
 */
export function readId(body: BodyObject, field: string, delivery: Delivery): string {
  return readIdAt(body, [field], delivery);
}

/**
 * As {@link readId}, for a field anywhere in the body.
 *
 * @throws {RejectedError} `ERR_EVENT_ID_INVALID`
 */
export function readIdAt(body: BodyObject, path: readonly string[], delivery: Delivery): string {
  const value = valueAt(body, path);
  const isRounded = typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value);
  return toId(isRounded ? digitsOf(delivery.body, path) : value, path.join("."));
}

/** What stands at a path, through own properties only; `undefined` where it leads nowhere. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((found, key) => {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, key)) return undefined;
    const inside: unknown = Reflect.get(found, key);
    return inside;
  }, value);
}

/**
 * An id as text: a string that is not blank, or an integer.
 *
 * @throws {RejectedError} `ERR_EVENT_ID_INVALID`
 */
export function toId(value: unknown, field: string): string {
  // A lone surrogate would become U+FFFD on its way into a store: two ids would share one key.
  if (typeof value === "string" && value.trim() !== "" && value.isWellFormed()) return value;
  if (typeof value === "bigint" || (typeof value === "number" && Number.isSafeInteger(value))) return String(value);
  throw new RejectedError(
    "ERR_EVENT_ID_INVALID",
    `The event's ${field} is ${describe(value)}, not a string or an integer.`,
  );
}

type Reviver = (this: unknown, key: string, value: unknown, context: { readonly source?: string }) => unknown;

// Node has the third argument since 21; TypeScript's library does not know it yet.
const parseWithSource = JSON.parse as (text: string, reviver: Reviver) => unknown;

function digitsOf(body: Uint8Array, path: readonly string[]): bigint | undefined {
  const found = new Map<unknown, bigint>();
  const field = path.at(-1);
  const root = parseWithSource(decodeText(body), function collect(key, value, { source = "" }) {
    if (key === field && /^-?\d+$/.test(source)) found.set(this, BigInt(source));
    return value;
  });
  return found.get(valueAt(root, path.slice(0, -1)));
}

function describe(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === "") return "empty";
  if (value === null) return "null";
  return typeof value === "string" ? "a blank or broken string" : `a ${typeof value} of another kind`;
}
