import type { OpenWord, SendObject } from "./send-object.ts";

/** A bank account that money can be sent to, as it stands after the change. */
export interface BankAccount extends SendObject {
  readonly status: BankAccountStatus;
  readonly account_number: string;
  /** The bank's SWIFT code. */
  readonly bank_code: string;
  /** The holder. */
  readonly name: string;
  readonly reference?: string | null;
  readonly group_id?: number | null;
  /** When it was deleted, in ISO 8601. */
  readonly deleted_at?: string | null;
  readonly is_debiting_account?: boolean;
  readonly is_crediting_account?: boolean;
  readonly rejection_reason?: string | null;
}

/** How far CHIP has come with checking an account. The first event of an account may say any of them. */
export type BankAccountStatus = OpenWord<"received" | "pending" | "verified" | "rejected" | "reviewing">;
