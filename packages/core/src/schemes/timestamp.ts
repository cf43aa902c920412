import type { Delivery } from "../delivery.ts";
import { RejectedError } from "../errors.ts";
import type { TimestampOptions } from "./options.ts";

/** The tolerance where none is given: 5 minutes, as Standard Webhooks and Slack recommend. */
export const defaultToleranceMs = 300_000;

/**
 * Refuses a delivery whose signed time is too far from now.
 *
 * @throws {RejectedError} `ERR_TIMESTAMP_INVALID`, `ERR_TIMESTAMP_STALE`
 */
export function assertFresh(delivery: Delivery, options: TimestampOptions, nowMs: number): void {
  const { header, unit = "seconds", toleranceMs = defaultToleranceMs } = options;
  const value = delivery.header(header);
  // Digits only: `Number()` would also take "1e308", " 12 " and "0x1f".
  if (value === undefined || !/^\d{1,15}$/.test(value)) {
    throw new RejectedError("ERR_TIMESTAMP_INVALID", `The header ${header} is not a whole number.`);
  }
  const sentAtMs = Number(value) * (unit === "seconds" ? 1000 : 1);
  const skewMs = sentAtMs - nowMs;
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
