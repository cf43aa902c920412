import type { OpenWord, SendObject } from "./send-object.ts";

/** Money put into the budget that instructions are paid from, as it stands after the change. */
export interface BudgetAllocation extends SendObject {
  readonly status: BudgetAllocationStatus;
  /** `in`: CHIP sends events about incoming money only. */
  readonly transaction_type: OpenWord<"in">;
  /** ISO 4217. */
  readonly currency: string;
  readonly fee_type: OpenWord<"flat" | "percentage">;
  /** In ringgit, not sen, as are `fee` and `net_amount`. */
  readonly amount: number;
  readonly fee: number;
  readonly net_amount: number;
  /** The date of the settlement it comes from, as `YYYY-MM-DD`. */
  readonly from_settlement?: string | null;
  readonly send_instruction_id?: number | null;
  readonly bank_account_id?: number | null;
  readonly approvals_required: number;
  readonly approvals_received: number;
  readonly approvals_details?: readonly BudgetApproval[];
}

/** How far the allocation has come. */
export type BudgetAllocationStatus = OpenWord<"pending" | "approved" | "expired">;

/** Somebody who was asked to approve an allocation. */
export interface BudgetApproval {
  readonly destination_type: string;
  readonly destination: string;
  readonly status: string;
  readonly approved_at: string | null;
  readonly expires_at: string | null;
}
