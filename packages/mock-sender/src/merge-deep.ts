type PlainObject = Readonly<Record<string, unknown>>;

/**
 * Puts overrides over a value and answers with a new one: plain objects are merged at every depth, `undefined` removes a
 * field, anything else replaces. A `__proto__` field stays a field and never becomes a prototype.
 */
export function mergeDeep(base: unknown, overrides: unknown): unknown {
  if (!isPlainObject(overrides)) return overrides;
  const merged = new Map(isPlainObject(base) ? Object.entries(base) : []);
  for (const [key, override] of Object.entries(overrides)) {
    if (override === undefined) merged.delete(key);
    else merged.set(key, mergeDeep(merged.get(key), override));
  }
  // `fromEntries` defines its keys: assigning `__proto__` would set the prototype instead.
  return Object.fromEntries(merged);
}

function isPlainObject(value: unknown): value is PlainObject {
  if (typeof value !== "object" || value === null) return false;
  // Asked by its place in the chain: jest runs tests in a realm of its own, with another `Object.prototype`.
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
