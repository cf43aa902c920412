import type { BankAccount } from "./bank-account.ts";
import type { BudgetAllocation } from "./budget-allocation.ts";
import type { SendInstruction } from "./send-instruction.ts";

/**
 * The event map of CHIP Send: what each event carries. The whole payload is signed, and the type of an event in this map
 * follows from it. For a field that CHIP added since, extend a payload's interface by declaration merging.
 */
export interface ChipSendEvents {
  bank_account_status: BankAccount;
  send_instruction_status: SendInstruction;
  budget_allocation_status: BudgetAllocation;
}

/** The name of an event that CHIP Send sends. */
export type ChipSendEventType = keyof ChipSendEvents;

/** Every event type CHIP Send documents. */
export const chipSendEventTypes = [
  "bank_account_status",
  "send_instruction_status",
  "budget_allocation_status",
] as const satisfies readonly ChipSendEventType[];
