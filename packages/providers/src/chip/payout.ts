import type { ChipObject, OpenWord } from "./chip-object.ts";
import type { ClientDetails } from "./client-details.ts";
import type { PaymentDetails } from "./payment-details.ts";
import type { TransactionData } from "./transaction-data.ts";

/**
 * Money sent to somebody.
 *
 * CHIP publishes no example of it. The fields are those of its own client libraries; how the shared parts look inside
 * is inferred from the other objects.
 */
export interface Payout extends ChipObject {
  readonly type: "payout";
  readonly status: PayoutStatus;
  readonly payment: PaymentDetails;
  /** The recipient. */
  readonly client: ClientDetails;
  /** Your own reference, or empty. */
  readonly reference: string;
  readonly reference_generated: string;
  readonly is_test: boolean;
  readonly company_id: string;
  readonly brand_id: string;
  readonly user_id: string | null;
  readonly transaction_data?: TransactionData;
  /** The oldest first. */
  readonly status_history?: readonly PayoutStatusChange[];
  readonly sender_name?: string;
  /** ISO 3166-1, two letters. */
  readonly recipient_card_country?: string;
  readonly recipient_card_brand?: string;
  readonly execution_url?: string;
}

/** How far a payout has come. `pending` is inferred from the event of that name. */
export type PayoutStatus = OpenWord<"initialized" | "pending" | "error" | "success">;

/** When a payout reached a status. */
export interface PayoutStatusChange {
  readonly status: PayoutStatus;
  /** In Unix seconds. */
  readonly timestamp: number;
}

/** A payout whose status is certain. */
export interface PayoutIn<Status extends PayoutStatus> extends Payout {
  readonly status: Status;
}
