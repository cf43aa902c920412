import { createReceiver } from "@hooklatch/core";
import type { Clock, OutcomeReport, Receiver } from "@hooklatch/core";
import { stripe } from "@hooklatch/providers/stripe";
import type { StripeEvents } from "@hooklatch/providers/stripe";

/** What happens to tickets. Your database and your mail service stand behind it. */
export interface TicketOffice {
  issue(order: string): Promise<void>;
}

/** What the receiver needs from outside. */
export interface PaymentsOptions {
  /** `STRIPE_WEBHOOK_SECRET` is read from it: in production give it `process.env`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly office: TicketOffice;
  /** Only tests give one. */
  readonly clock?: Clock;
  /** Default: one line on standard error for each delivery that was not accepted. */
  readonly onOutcome?: (report: OutcomeReport) => void;
}

/** Issues tickets for orders that Stripe says are paid. */
export function createPayments({ env, office, ...others }: PaymentsOptions): Receiver<StripeEvents> {
  const provider = stripe({ secrets: env["STRIPE_WEBHOOK_SECRET"] ?? "" });
  const payments = createReceiver({ provider, ...others });

  payments.on("checkout.session.completed", async ({ payload }) => {
    const { client_reference_id: order, payment_status: status } = payload.data.object;
    if (status !== "paid") return; // the money of slow methods comes later, with an event of its own
    if (order === null) throw new Error("This checkout session belongs to no order.");
    await office.issue(order);
  });
  return payments;
}
