import type { ChipObject, OpenWord } from "./chip-object.ts";
import type { ClientDetails } from "./client-details.ts";
import type { CurrencyConversion, PaymentDetails } from "./payment-details.ts";
import type { IssuerDetails, PurchaseDetails } from "./purchase-details.ts";
import type { TransactionData } from "./transaction-data.ts";

/** A sale: what is bought, who pays, and how far it has come. Amounts are integers in minor units (cents). */
export interface Purchase extends ChipObject {
  readonly type: "purchase";
  readonly status: PurchaseStatus;
  /** The oldest first. */
  readonly status_history: readonly PurchaseStatusChange[];
  /** Your own reference, or empty. */
  readonly reference: string;
  /** CHIP's own short reference. */
  readonly reference_generated: string;
  readonly purchase: PurchaseDetails;
  readonly client: ClientDetails;
  readonly client_id: string | null;
  /** `null` until it is paid. */
  readonly payment: PaymentDetails | null;
  readonly transaction_data: TransactionData;
  readonly issuer_details: IssuerDetails;

  readonly is_test: boolean;
  readonly company_id: string;
  readonly brand_id: string;
  readonly user_id: string | null;
  readonly order_id: string | null;
  readonly billing_template_id: string | null;
  readonly product: string;
  readonly platform: string;
  readonly creator_agent: string;
  readonly created_from_ip: string;
  /** `YYYY-MM-DD`. */
  readonly issued: string;
  /** When it must be paid, in Unix seconds. */
  readonly due: number;
  /** When the payer first saw it, in Unix seconds. */
  readonly viewed_on: number | null;

  readonly checkout_url: string;
  readonly direct_post_url: string | null;
  readonly invoice_url: string | null;
  readonly success_redirect: string;
  readonly failure_redirect: string;
  readonly cancel_redirect: string;
  readonly success_callback: string;

  /** `true`: paying only holds the money, until you capture it. */
  readonly skip_capture: boolean;
  readonly force_recurring: boolean;
  readonly is_recurring_token: boolean;
  readonly recurring_token: string | null;
  readonly payment_method_whitelist: readonly string[] | null;
  readonly send_receipt: boolean;
  readonly marked_as_paid: boolean;
  readonly can_retrieve: boolean;
  readonly can_chargeback: boolean;
  readonly can_mark_as_refunded?: boolean;
  readonly refund_availability: RefundAvailability;
  /** In minor units. */
  readonly refundable_amount: number;

  readonly currency_conversion: CurrencyConversion | null;
  readonly upsell_campaigns: readonly unknown[];
  readonly referral_campaign_id: string | null;
  readonly referral_code: string | null;
  readonly referral_code_generated: string | null;
  readonly referral_code_details: unknown;
  readonly retain_level_details: unknown;
  readonly audit_log_entries?: readonly unknown[];
}

/** How far a purchase has come. */
export type PurchaseStatus = OpenWord<
  | "created"
  | "sent"
  | "viewed"
  | "error"
  | "cancelled"
  | "overdue"
  | "expired"
  | "blocked"
  | "hold"
  | "released"
  | "pending_release"
  | "pending_capture"
  | "preauthorized"
  | "paid"
  | "pending_execute"
  | "pending_charge"
  | "cleared"
  | "settled"
  | "chargeback"
  | "pending_refund"
  | "refunded"
>;

/** When a purchase reached a status. */
export interface PurchaseStatusChange {
  readonly status: PurchaseStatus;
  /** In Unix seconds. */
  readonly timestamp: number;
}

/** How a purchase or a payment can be refunded. */
export type RefundAvailability = OpenWord<"all" | "full_only" | "partial_only" | "pis_all" | "pis_partial" | "none">;

/** A purchase whose status is certain. */
export interface PurchaseIn<Status extends PurchaseStatus> extends Purchase {
  readonly status: Status;
}

/** A purchase that was paid, whatever has become of it since. */
export interface PaidPurchase<Status extends PurchaseStatus = PurchaseStatus> extends PurchaseIn<Status> {
  readonly payment: PaymentDetails;
}

/** A purchase that a subscription made. */
export interface SubscriptionPurchase extends Purchase {
  readonly billing_template_id: string;
}
