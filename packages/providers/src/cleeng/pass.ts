import type { CleengPayload } from "./payload.ts";

/** A customer's right to see something until a certain day. */
export interface Pass extends CleengPayload {
  /** Digits, as text. */
  readonly passId: string;
  readonly offerId: string;
  readonly customerId: number;
  readonly customerEmail: string;
  /** Your own id of the customer, where you gave one. */
  readonly customerExternalId?: string | null;
}

/** A pass that was made. */
export interface CreatedPass extends Pass {
  readonly active: boolean;
  /** ISO 8601. */
  readonly expirationDate: string;
}

/** A pass that ends on another day now. */
export interface PassExpirationChange extends Pass {
  /** ISO 8601, as is `expirationDate`. */
  readonly previousExpirationDate: string;
  readonly expirationDate: string;
}
