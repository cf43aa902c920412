import type { ChipObject, OpenWord } from "./chip-object.ts";
import type { ClientDetails } from "./client-details.ts";
import type { CurrencyConversion, PaymentDetails } from "./payment-details.ts";
import type { RefundAvailability } from "./purchase.ts";
import type { TransactionData } from "./transaction-data.ts";

/** A movement of money that follows a purchase: a refund, a chargeback, the reversal of one. */
export interface Payment extends ChipObject {
  readonly type: "payment";
  readonly status: OpenWord<"success">;
  /** The purchase it belongs to. */
  readonly related_to: RelatedObject;
  /** Your own reference of this payment, or empty. The purchase's reference is in `related_to`. */
  readonly reference: string;
  readonly reference_generated: string;
  readonly payment: PaymentDetails;
  readonly client: ClientDetails;
  readonly transaction_data: TransactionData;
  /** In minor units. */
  readonly fee_amount: number;
  readonly is_test: boolean;
  readonly company_id: string;
  readonly brand_id?: string;
  readonly account_id?: string;
  readonly user_id: string | null;
  readonly refund_availability: RefundAvailability;
  readonly currency_conversion: CurrencyConversion | null;
  readonly account_extra: Readonly<Record<string, unknown>>;
  /** Set when the account's currency differs; its form is not documented. */
  readonly account_fx_rate: number | string | null;
  readonly account_fx_currency: string | null;
  /** In minor units. */
  readonly account_fx_buy_amount: number | null;
  readonly audit_log_entries: readonly unknown[];
}

/** Names another object. */
export interface RelatedObject {
  readonly id: string;
  readonly type: OpenWord<"purchase">;
  /** Your reference of that object, or CHIP's own if you gave none. */
  readonly reference?: string;
}
