export { chipSend } from "./chip-send.ts";
export type { ChipSendOptions } from "./chip-send.ts";
export { chipSendEventTypes } from "./events.ts";
export type { ChipSendEvents, ChipSendEventType } from "./events.ts";
export type { BankAccount, BankAccountStatus } from "./bank-account.ts";
export type { BudgetAllocation, BudgetAllocationStatus, BudgetApproval } from "./budget-allocation.ts";
export type { SendInstruction, SendInstructionState } from "./send-instruction.ts";
