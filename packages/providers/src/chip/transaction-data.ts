import type { OpenWord } from "./chip-object.ts";

/** How the money moved. What is in it depends on the payment method. */
export interface TransactionData {
  /** Where the payer paid, such as `payform`. Empty before the first attempt. */
  readonly flow: string;
  /** Such as `visa` or `fpx`. Empty before the first attempt. */
  readonly payment_method: string;
  /** ISO 3166-1, two letters, or empty. */
  readonly country: string;
  readonly extra: TransactionExtra;
  /** The newest first. Not sent with payments. */
  readonly attempts?: readonly TransactionAttempt[];
  readonly acquirer?: string;
  readonly terminal_id?: string;
  readonly terminal_uid?: string;
  readonly processing_tx_id?: string;
}

/** One try to move, hold or release money. */
export interface TransactionAttempt {
  readonly type: OpenWord<"execute" | "authorize" | "capture" | "release" | "delete_recurring_token">;
  readonly successful: boolean;
  /** Why it failed. */
  readonly error: TransactionError | null;
  readonly flow: string;
  readonly payment_method: string;
  /** When it was made, in Unix seconds. */
  readonly processing_time: number;
  readonly country: string;
  /** The payer's address, or empty. */
  readonly client_ip: string;
  /** In minor units. */
  readonly fee_amount: number;
  readonly extra: TransactionExtra;
  readonly acquirer?: string;
  readonly is_internal?: boolean;
  readonly terminal_id?: string;
  readonly terminal_uid?: string;
  /** In minor units. */
  readonly markup_amount?: number;
  /** In minor units. */
  readonly processing_fee?: number;
  readonly pricing_details?: string;
  readonly pricing_calculated?: boolean;
  readonly processing_tx_id?: string;
  readonly processing_status?: string;
  readonly related_payment_id?: string | null;
}

/** Why an attempt failed, in CHIP's words. */
export interface TransactionError {
  readonly code: string;
  readonly message: string;
}

/** What one payment method adds. Cards fill the fields named here; other methods fill others. */
export interface TransactionExtra {
  readonly card_type?: string;
  readonly card_brand?: string;
  /** The card number with its middle digits hidden. */
  readonly masked_pan?: string;
  readonly card_issuer?: string;
  readonly card_issuer_country?: string;
  readonly cardholder_name?: string;
  readonly expiry_month?: number;
  /** Two digits. */
  readonly expiry_year?: number;
  /** In minor units. Sent with payments only. */
  readonly amount?: number;
  readonly settlement?: {
    /** In Unix seconds. */
    readonly settled_on: number;
  };
  readonly [field: string]: unknown;
}
