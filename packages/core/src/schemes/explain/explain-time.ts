import type { Diagnosis } from "../../diagnosis.ts";
import type { TimestampOptions } from "../options.ts";
import { defaultToleranceMs } from "../timestamp.ts";

/** No delivery lies this far from now but one whose time is counted in another unit: two years. */
export const absurdMs = 2 * 365 * 86_400_000;

/** What to say of a signed time that is too far from now. The signature over it was good. */
export function explainStale(timestamp: string, options: TimestampOptions, nowMs: number): Diagnosis {
  const { unit = "seconds", toleranceMs = defaultToleranceMs } = options;
  const skewMs = Number(timestamp) * (unit === "seconds" ? 1000 : 1) - nowMs;
  const otherUnit = unit === "seconds" ? "milliseconds" : "seconds";
  const otherSkewMs = Number(timestamp) * (otherUnit === "seconds" ? 1000 : 1) - nowMs;
  if (Math.abs(skewMs) > absurdMs && Math.abs(otherSkewMs) < absurdMs) {
    return {
      cause: "timestamp-format",
      message:
        `The signature is good, but its time counts ${otherUnit}, and unit is "${unit}". ` +
        `Set timestamp.unit to "${otherUnit}".`,
    };
  }
  return clockSkew("The signature is good, but its time", skewMs, toleranceMs);
}

/** What to say of a time that is proven, and so many milliseconds ahead of this clock. */
export function clockSkew(what: string, skewMs: number, toleranceMs: number): Diagnosis {
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  return {
    cause: "clock-skew",
    message:
      `${what} is ${seconds} s ${skewMs < 0 ? "behind" : "ahead of"} this machine's clock; ` +
      `${Math.round(toleranceMs / 1000)} s are allowed. If all deliveries are off by about as much, set the clock of ` +
      `this machine by a time server${adviceOnZone(skewMs)}; if only some are, they are old ones sent again or held back ` +
      "by a queue.",
  };
}

function adviceOnZone(skewMs: number): string {
  const hours = Math.round(skewMs / 3_600_000);
  const isWhole = hours !== 0 && Math.abs(hours) <= 14 && Math.abs(skewMs - hours * 3_600_000) < 60_000;
  return isWhole ? " and look at its time zone, as it is whole hours" : "";
}

/** What to say of a signed time that is not a whole number of digits. */
export function explainTimeFormat(timestamp: string | undefined): Diagnosis {
  const what = /^\d{4}-\d\d-\d\dT/.test(timestamp ?? "")
    ? "a date in text"
    : /^\d+[.,]\d+$/.test(timestamp ?? "")
      ? "a number with a fraction"
      : undefined;
  if (what === undefined) {
    return { cause: "unknown", message: "The signed time is no whole number, nor anything else that is known." };
  }
  return {
    cause: "timestamp-format",
    message:
      `The signed time is ${what}, and a whole number of seconds or milliseconds is needed. Either another header or ` +
      "field holds the time, or something rewrites it.",
  };
}
