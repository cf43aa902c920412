import type { Outcome } from "@hooklatch/core";
import type { MockSender, SendResult } from "@hooklatch/mock-sender";
import type { ChipEvents } from "@hooklatch/providers/chip";

/** What a scene may use. */
interface Stage {
  readonly sender: MockSender<ChipEvents>;
  /** Where the shop takes CHIP's webhooks. */
  readonly url: string;
  readonly warehouse: Warehouse;
}

/** The shop's warehouse, and what ails it. */
export interface Warehouse {
  /** How many of the next shipments fail. */
  outages: number;
  /** How long a shipment takes. */
  delayMs: number;
}

/** What the demo shows of one delivery. */
export type Shown = Pick<SendResult, "outcome" | "code"> & { readonly status: number | undefined };

/** One row of the demo: what is sent, and what should come of it. */
export interface Scene {
  readonly event: string;
  readonly sent: string;
  /** The statuses that the replies must have between them, in ascending order; the outcomes of what has no reply. */
  readonly expect: readonly (number | Outcome)[];
  play(stage: Stage): Promise<readonly Shown[]>;
}

type Type = keyof ChipEvents;
type Options = Parameters<MockSender<ChipEvents>["send"]>[2];

const one = (event: Type, sent: string, status: number, options?: Options): Scene => ({
  event,
  sent,
  expect: [status],
  play: async ({ sender, url }) => [await sender.send(url, event, options)],
});

/** Everything the demo sends, in this order. */
export const scenes: readonly Scene[] = [
  one("purchase.created", "signed", 200),
  one("purchase.viewed", "signed", 200),
  one("purchase.paid", "signed", 200),
  {
    event: "purchase.paid",
    sent: "the same delivery twice",
    expect: [200],
    play: ({ sender, url }) => sender.duplicate(url, "purchase.paid"),
  },
  {
    event: "purchase.paid",
    sent: "10 copies at once",
    expect: [200, 503],
    async play({ sender, url, warehouse }) {
      warehouse.delayMs = 250; // so that the copies meet a handler that still runs
      const results = await sender.concurrent(url, "purchase.paid", { copies: 10 });
      warehouse.delayMs = 0;
      return results;
    },
  },
  {
    event: "purchase.paid",
    sent: "warehouse down, then CHIP's redelivery",
    expect: [200, 500],
    async play({ sender, url, warehouse }) {
      warehouse.outages = 1;
      return (await sender.sendUntilAccepted(url, "purchase.paid")).attempts;
    },
  },
  one("purchase.paid", "success callback without event_type", 200, { payload: { event_type: undefined } }),
  one("purchase.hold", "signed", 200),
  one("purchase.captured", "signed", 200),
  one("purchase.payment_failure", "signed", 200),
  one("purchase.settled", "signed", 200),
  one("payment.refunded", "signed", 200),
  one("payment.refunded", "a negative amount, against the schema", 500, { payload: { payment: { amount: -1 } } }),
  one("payout.success", "signed, but no handler for it", 200),
  one("billing_template_client.subscription_billing_cancelled", "signed, but no handler for it", 200),
  one("purchase.paid", "one byte changed on the way", 401, { fault: "tampered" }),
  one("purchase.paid", "signed with another key", 401, { fault: "wrongKey" }),
  one("purchase.paid", "not signed", 401, { fault: "unsigned" }),
  one("purchase.paid", "second half lost", 401, { fault: "truncated" }),
  one("purchase.paid", "signed, one byte over 1 MiB", 413, { fault: "oversized" }),
  one("purchase.paid", "signed, but gzip announced", 415, { headers: { "content-encoding": "gzip" } }),
  one("purchase.paid", "signed, but as text/plain", 415, { headers: { "content-type": "text/plain" } }),
  one("purchase.paid", "signed, but without an id", 400, { payload: { id: undefined } }),
];
