import type { CleengPayload } from "./payload.ts";

/** Money that a customer paid, in the form Cleeng documents today or in the older one: ask `"offerPrice" in payload`. */
export type Transaction = TaxedTransaction | CustomerTransaction;

/** A transaction with its taxes. Amounts and rates are decimal text with four places. */
export interface TaxedTransaction extends CleengPayload {
  readonly transactionId: string;
  readonly offerId: string;
  /** ISO 3166-1, two letters. */
  readonly transactionCountry: string;
  readonly taxRate: string;
  /** ISO 4217. */
  readonly transactionCurrency: string;
  /** Unix seconds. */
  readonly transactionDate: number;
  readonly externalData: string;
  readonly transactionPriceExclTax: string;
  readonly transactionPriceInclTax: string;
  readonly applicableTax: string;
  readonly appliedExchangeRate: string;
}

/** A transaction with its customer: the older form. */
export interface CustomerTransaction extends CleengPayload {
  readonly transactionId: string;
  readonly offerId: string;
  readonly customerId: number;
  readonly customerEmail: string;
  /** Your own id of the customer, where you gave one. */
  readonly customerExternalId?: string | null;
  readonly paymentId: number;
  /** In major units: 5.25. */
  readonly offerPrice: number;
  /** ISO 4217. */
  readonly offerCurrency: string;
  readonly discountRate: number | string | null;
  readonly subscriptionPlanId: number | null;
  readonly externalData: string;
  readonly paymentGateway: string;
}
