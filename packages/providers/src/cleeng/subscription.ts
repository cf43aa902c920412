import type { CleengPayload } from "./payload.ts";

/** A subscription for which money is due. Its id is text in one topic and a number in the other. */
export interface DunningSubscription extends CleengPayload {
  readonly offerId: string;
  readonly customerId: number;
  readonly customerEmail: string;
  readonly paymentDetailsId: number;
  readonly active: boolean;
  /** ISO 8601. */
  readonly dunningAttemptDate: string;
  readonly dunningStatus: string;
}

/** A subscription whose payment you are to authorise. */
export interface SubscriptionToAuthorise extends DunningSubscription {
  /** Digits, as text. */
  readonly subscriptionId: string;
  /** ISO 8601. */
  readonly expirationDate: string;
  /** ISO 4217. */
  readonly currency: string;
  /** ISO 3166-1, two letters. */
  readonly paymentCountry: string;
  readonly paymentMethodId: number;
  /** The customer's payment details at the gateway. */
  readonly token: string;
  readonly paymentGateway?: string;
}

/** A subscription whose payment you are to capture. */
export interface SubscriptionToCapture extends DunningSubscription {
  readonly subscriptionId: number;
  /** ISO 8601. */
  readonly expirationDate?: string;
}
