/** ISO 8601: a date alone, which counts in UTC, or a date and a time with its offset. */
const isoTime = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d))?$/;

/**
 * A platform's time in milliseconds since the epoch: a number, its digits as text, or ISO 8601. `undefined` for anything
 * else, a time without an offset included: it would be another one on every machine.
 */
export function toEpochMs(value: unknown, unit: "seconds" | "milliseconds"): number | undefined {
  if (typeof value === "string" && isoTime.test(value)) {
    const parsed = Date.parse(value);
    return Number.isNaN(parsed) ? undefined : parsed;
  }
  const isNumber = typeof value === "number" || (typeof value === "string" && /^\d+(?:\.\d+)?$/.test(value));
  const time = isNumber ? Number(value) * (unit === "seconds" ? 1000 : 1) : Number.NaN;
  return Number.isFinite(time) ? Math.round(time) : undefined;
}
