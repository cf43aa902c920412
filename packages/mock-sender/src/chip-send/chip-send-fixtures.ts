import type { ChipSendEvents } from "@hooklatch/providers/chip-send";

import type { MockMoment } from "../mock-platform.ts";
import { momentNumber } from "../moment-number.ts";

const minuteMs = 60_000;

/** One realistic payload for each event of CHIP Send, after the fields of its REST objects. */
export const chipSendFixtures: {
  readonly [Type in keyof ChipSendEvents]: (moment: MockMoment) => ChipSendEvents[Type];
} = {
  bank_account_status: (moment) => ({
    id: momentNumber(moment, "bank account"),
    status: "verified",
    account_number: "000055556666",
    bank_code: "MBBEMYKL",
    group_id: null,
    name: "Siti Contoh",
    reference: `courier-${moment.sequence}`,
    created_at: timeBefore(moment, 42 * minuteMs),
    is_debiting_account: false,
    is_crediting_account: true,
    updated_at: timeBefore(moment, 0),
    deleted_at: null,
    rejection_reason: null,
  }),
  send_instruction_status: (moment) => ({
    id: momentNumber(moment, "send instruction"),
    bank_account_id: momentNumber(moment, "bank account"),
    bank_account_details: { name: "Siti Contoh", bank_code: "MBBEMYKL", account_number: "000055556666" },
    amount: "187.50",
    state: "completed",
    rejection_reason: null,
    email: "siti@example.com",
    description: "Deliveries of week 27",
    reference: `week-27-${moment.sequence}`,
    created_at: timeBefore(moment, 3 * minuteMs),
    updated_at: timeBefore(moment, 0),
    slug: `c0urier${moment.sequence}`,
    receipt_url: `https://receipts.example.com/c0urier${moment.sequence}`,
  }),
  budget_allocation_status: (moment) => ({
    id: momentNumber(moment, "budget allocation"),
    currency: "MYR",
    fee_type: "flat",
    transaction_type: "in",
    amount: 5000,
    fee: 1,
    net_amount: 4999,
    send_instruction_id: null,
    bank_account_id: null,
    from_settlement: timeBefore(moment, 24 * 60 * minuteMs).slice(0, 10),
    status: "approved",
    approvals_required: 1,
    approvals_received: 1,
    approvals_details: [
      {
        destination_type: "email",
        destination: "finance@example.com",
        status: "approved",
        approved_at: timeBefore(moment, minuteMs),
        expires_at: timeBefore(moment, -24 * 60 * minuteMs),
      },
    ],
    created_at: timeBefore(moment, 10 * minuteMs),
    updated_at: timeBefore(moment, 0),
  }),
};

function timeBefore({ atMs }: MockMoment, ms: number): string {
  return new Date(atMs - ms).toISOString();
}
