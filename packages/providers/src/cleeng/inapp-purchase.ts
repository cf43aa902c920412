import type { CleengPayload } from "./payload.ts";

/** A purchase in an app store that Cleeng checked. */
export interface InappPurchase extends CleengPayload {
  /** What came of it, such as `SubscriptionSynchronized`. */
  readonly result: string;
  /** The app store, such as `amazon`. */
  readonly paymentGateway: string;
  readonly offerId: string;
  readonly offerType: string;
  readonly subscriptionId: number;
  readonly active: boolean;
  readonly inTrial: boolean;
  /** ISO 8601 with an offset. */
  readonly expirationDate: string;
  readonly customerId: number;
  readonly inAppSpecificData: InappSpecificData;
}

/** What one app store says of a purchase. The fields are those of Amazon; other stores may send others. */
export interface InappSpecificData {
  readonly receiptUserId?: string;
  readonly receiptId?: string;
}
