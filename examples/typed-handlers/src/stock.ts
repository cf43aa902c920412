import { createReceiver, defineProvider } from "@hooklatch/core";
import type { OutcomeReport, Receiver } from "@hooklatch/core";
import { standardWebhooks } from "@hooklatch/core/schemes";

import type { Journal } from "./journal.ts";

/** The event map: a promise of the platform's, which is not checked at run time. */
export interface StockEvents {
  readonly "shelf.low": { readonly article: string; readonly left: number };
  readonly "shelf.empty": { readonly article: string; readonly since: string };
}

/** What the receiver of the stock needs from outside. */
export interface StockOptions {
  readonly secret: string;
  readonly journal: Journal;
  readonly onOutcome: (report: OutcomeReport) => void;
}

/** A platform of your own, without schemas: the event map is an interface. */
export function createStock({ secret, journal, onOutcome }: StockOptions): Receiver<StockEvents> {
  const provider = defineProvider<StockEvents>({
    name: "stock",
    scheme: standardWebhooks({ secrets: secret }),
    id: (_body, delivery) => delivery.header("webhook-id"), // which the scheme signs
    payload: "data",
  });
  const stock = createReceiver({ provider, onOutcome }).use(journal.around);

  stock.on("shelf.*", ({ type, payload }) => {
    if (type === "shelf.low") journal.note(`${payload.left} of ${payload.article} are left`);
    else journal.note(`no ${payload.article} since ${payload.since}`);
  });
  return stock;
}
