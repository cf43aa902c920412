import type { ChipObject, OpenWord } from "./chip-object.ts";

/** One subscriber of a billing template. CHIP documents its fields but publishes no example event. */
export interface BillingTemplateClient extends ChipObject {
  readonly type: "billing_template_client";
  readonly status: OpenWord<"pending" | "inactive" | "active" | "subscription_paused">;
  readonly client_id: string;
  /** The day of the next billing, `YYYY-MM-DD`. */
  readonly subscription_billing_scheduled_on: string | null;
  readonly payment_method_whitelist: readonly string[] | null;
  readonly number_of_billing_cycles_passed?: number;
  readonly send_invoice_on_add_subscriber?: boolean;
  readonly send_invoice_on_charge_failure?: boolean;
  readonly send_receipt?: boolean;
}

/** A subscriber who has cancelled: CHIP pauses the subscription. */
export interface CancelledBillingTemplateClient extends BillingTemplateClient {
  readonly status: "subscription_paused";
}
