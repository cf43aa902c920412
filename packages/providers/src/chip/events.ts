import type { CancelledBillingTemplateClient } from "./billing-template-client.ts";
import type { Payment } from "./payment.ts";
import type { Payout, PayoutIn } from "./payout.ts";
import type { PaidPurchase, Purchase, PurchaseIn, SubscriptionPurchase } from "./purchase.ts";

/**
 * The event map of CHIP Collect: what each event carries.
 *
 * A payload is narrowed only as far as CHIP's documentation says. For an event or a field that CHIP added since, extend
 * this interface or the payload's by declaration merging.
 */
export interface ChipEvents {
  "purchase.created": PurchaseIn<"created">;
  "purchase.viewed": PurchaseIn<"viewed">;
  "purchase.paid": PaidPurchase<"paid">;
  "purchase.payment_failure": PurchaseIn<"error">;
  "purchase.pending_execute": PurchaseIn<"pending_execute">;
  "purchase.pending_charge": PurchaseIn<"pending_charge">;
  "purchase.cancelled": PurchaseIn<"cancelled">;
  "purchase.hold": PurchaseIn<"hold">;
  "purchase.captured": PaidPurchase<"paid">;
  "purchase.pending_capture": PurchaseIn<"pending_capture">;
  "purchase.capture_failure": Purchase;
  "purchase.released": PurchaseIn<"released">;
  "purchase.pending_release": PurchaseIn<"pending_release">;
  "purchase.release_failure": Purchase;
  "purchase.preauthorized": PurchaseIn<"preauthorized">;
  "purchase.pending_recurring_token_delete": Purchase;
  "purchase.recurring_token_deleted": Purchase;
  "purchase.subscription_charge_failure": SubscriptionPurchase;
  "purchase.pending_refund": PaidPurchase<"pending_refund">;
  "purchase.refund_failure": Purchase;
  "purchase.settled": PaidPurchase;
  "payment.refunded": Payment;
  "payment.charged_back": Payment;
  "payment.chargeback_reversed": Payment;
  "payout.created": Payout;
  "payout.pending": Payout;
  "payout.failed": PayoutIn<"error">;
  "payout.success": PayoutIn<"success">;
  "billing_template_client.subscription_billing_cancelled": CancelledBillingTemplateClient;
}

/** The name of an event that CHIP sends. */
export type ChipEventType = keyof ChipEvents;

/** Every event type CHIP documents, in the order of {@link ChipEvents}. */
export const chipEventTypes = [
  "purchase.created",
  "purchase.viewed",
  "purchase.paid",
  "purchase.payment_failure",
  "purchase.pending_execute",
  "purchase.pending_charge",
  "purchase.cancelled",
  "purchase.hold",
  "purchase.captured",
  "purchase.pending_capture",
  "purchase.capture_failure",
  "purchase.released",
  "purchase.pending_release",
  "purchase.release_failure",
  "purchase.preauthorized",
  "purchase.pending_recurring_token_delete",
  "purchase.recurring_token_deleted",
  "purchase.subscription_charge_failure",
  "purchase.pending_refund",
  "purchase.refund_failure",
  "purchase.settled",
  "payment.refunded",
  "payment.charged_back",
  "payment.chargeback_reversed",
  "payout.created",
  "payout.pending",
  "payout.failed",
  "payout.success",
  "billing_template_client.subscription_billing_cancelled",
] as const satisfies readonly ChipEventType[];
