import type { Delivery } from "../delivery.ts";
import { RejectedError } from "../errors.ts";
import type { TimestampOptions } from "./options.ts";
import type { SignedHeader } from "./signature-header.ts";

/** The tolerance where none is given: 5 minutes, as Standard Webhooks and Slack recommend. */
export const defaultToleranceMs = 300_000;

/**
 * Reads the signed time, as the text that was signed.
 *
 * @throws {RejectedError} `ERR_SIGNATURE_MISSING`, `ERR_TIMESTAMP_INVALID`
 */
export function readTimestamp(delivery: Delivery, signed: SignedHeader, options: TimestampOptions): string {
  const values = "field" in options ? signed.values(options.field) : [delivery.header(options.header)];
  const [value] = values;
  if (value === undefined) throw new RejectedError("ERR_SIGNATURE_MISSING", "The delivery carries no signed time.");
  // Digits only: `Number()` would also take "1e308", " 12 " and "0x1f".
  if (values.length > 1 || !/^\d{1,15}$/.test(value)) {
    throw new RejectedError("ERR_TIMESTAMP_INVALID", "The signed time is not one whole number.");
  }
  return value;
}

/**
 * Refuses a delivery whose signed time is too far from now.
 *
 * @throws {RejectedError} `ERR_TIMESTAMP_STALE`
 */
export function assertFresh(timestamp: string, options: TimestampOptions, nowMs: number): void {
  const { unit = "seconds", toleranceMs = defaultToleranceMs } = options;
  const skewMs = Number(timestamp) * (unit === "seconds" ? 1000 : 1) - nowMs;
  // Written so that a clock that answers NaN lets nothing through.
  if (!(Math.abs(skewMs) <= toleranceMs)) {
    throw new RejectedError(
      "ERR_TIMESTAMP_STALE",
      `The delivery was signed ${describe(skewMs)} on this machine's clock.`,
      {
        help: "If this is not an old delivery sent again, compare the machine's clock with a time server.",
      },
    );
  }
}

function describe(skewMs: number): string {
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  return skewMs < 0 ? `${seconds} s ago` : `${seconds} s in the future`;
}
