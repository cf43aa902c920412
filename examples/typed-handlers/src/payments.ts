import { createReceiver, isEvent } from "@hooklatch/core";
import type { OutcomeReport, Receiver } from "@hooklatch/core";
import { chip } from "@hooklatch/providers/chip";
import type { ChipEvents } from "@hooklatch/providers/chip";
import { z } from "zod";

import type { Journal } from "./journal.ts";

/** What the receiver of payments needs from outside. */
export interface PaymentsOptions {
  readonly publicKey: string;
  readonly journal: Journal;
  readonly onOutcome: (report: OutcomeReport) => void;
}

const chargeback = z.object({
  id: z.string(),
  payment: z.object({ amount: z.int().positive(), currency: z.string().length(3) }),
});

/** Events of a platform that Hooklatch knows: the event map comes with the provider. */
export function createPayments({ publicKey, journal, onOutcome }: PaymentsOptions): Receiver<ChipEvents> {
  const payments = createReceiver({
    provider: chip({ publicKey }),
    handlerTimeoutMs: 10_000, // for all handlers of a delivery together
    onOutcome,
  });
  payments.use(journal.around);

  // One type: a paid purchase has a payment, which others may lack.
  payments.on("purchase.paid", { name: "book-payment" }, async ({ payload }, { signal }) => {
    signal.throwIfAborted(); // aborts when the time is up: hand it on to whatever takes one
    if (payload.payment.amount > payload.purchase.total) throw new Error("More was paid than was owed.");
    journal.note(`booked ${payload.payment.amount} ${payload.payment.currency} for ${payload.reference}`);
  });

  // Every type under a prefix: a union, in which the type tells the payload.
  payments.on("purchase.*", ({ type, payload }) => {
    if (type === "purchase.paid" || type === "purchase.captured") {
      journal.note(`${payload.payment.fee_amount} of it is the fee`);
    } else if (type === "purchase.subscription_charge_failure") {
      journal.note(`could not renew ${payload.billing_template_id}`);
    } else {
      journal.note(`${payload.reference} is ${payload.status}`);
    }
  });

  // A schema checks the payload at run time. The handler gets its output, with these fields and no others.
  payments.on("payment.charged_back", { schema: chargeback }, ({ payload }) => {
    journal.note(`${payload.payment.amount} ${payload.payment.currency} were taken back`);
  });

  // Everything, also types that are newer than the event map: a payload is unknown until isEvent() says more.
  payments.on("*", (event) => {
    if (isEvent(event, "payout.failed")) journal.note(`payout ${event.payload.reference} is ${event.payload.status}`);
  });
  return payments;
}
