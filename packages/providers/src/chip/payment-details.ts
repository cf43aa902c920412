import type { OpenWord } from "./chip-object.ts";

/** One movement of money on the company's account. Amounts are integers in minor units (cents). */
export interface PaymentDetails {
  readonly amount: number;
  /** ISO 4217. */
  readonly currency: string;
  readonly fee_amount: number;
  /** What is left of the amount after the fee. */
  readonly net_amount: number;
  /** How much of it cannot be paid out yet. */
  readonly pending_amount: number;
  /** When the pending amount is set free, in Unix seconds. */
  readonly pending_unfreeze_on: number | null;
  /** `true`: money left the account. */
  readonly is_outgoing: boolean;
  readonly payment_type: OpenWord<"purchase" | "refund" | "payout">;
  readonly description: string;
  /** In Unix seconds. */
  readonly paid_on: number;
  /** When the payer's side recorded it, in Unix seconds. */
  readonly remote_paid_on: number;
  readonly owned_bank_account: string | null;
  readonly owned_bank_account_id: string | null;
  readonly owned_bank_code: string | null;
}

/** The amount in the currency the payer saw, where that is another than the company's. */
export interface CurrencyConversion {
  readonly original_currency: string;
  /** In minor units. */
  readonly original_amount: number;
  readonly exchange_rate: number;
}
