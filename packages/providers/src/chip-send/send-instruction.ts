import type { OpenWord, SendObject } from "./send-object.ts";

/** An order to send money to a bank account, as it stands after the change. */
export interface SendInstruction extends SendObject {
  readonly state: SendInstructionState;
  readonly bank_account_id: number;
  readonly bank_account_details?: {
    readonly name: string;
    /** The bank's SWIFT code. */
    readonly bank_code: string;
    readonly account_number: string;
  };
  /** In ringgit, not sen. CHIP documents a decimal string and shows a number elsewhere. */
  readonly amount: string | number;
  readonly email: string;
  readonly description?: string | null;
  readonly reference?: string | null;
  readonly rejection_reason?: string | null;
  readonly slug?: string;
  readonly receipt_url?: string | null;
}

/** How far the money has come. */
export type SendInstructionState = OpenWord<
  "received" | "enquiring" | "executing" | "accepted" | "completed" | "rejected" | "reviewing" | "deleted"
>;
