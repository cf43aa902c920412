import type { CleengPayload } from "./payload.ts";

/** An offer that was made. */
export interface CreatedOffer extends CleengPayload {
  readonly offerId: string;
  /** ISO 8601 with an offset. */
  readonly createdAt: string;
}

/** An offer of which something changed. */
export interface UpdatedOffer extends CleengPayload {
  readonly offerId: string;
  /** ISO 8601 with an offset. */
  readonly updatedAt: string;
}

/** An offer that is no longer sold. */
export interface DeactivatedOffer extends CleengPayload {
  readonly offerId: string;
  /** ISO 8601 with an offset. */
  readonly deactivatedAt: string;
}
