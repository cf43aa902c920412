import { createReceiver, defineProvider } from "@hooklatch/core";
import type { EventsOf, OutcomeReport, Receiver } from "@hooklatch/core";
import { standardWebhooks } from "@hooklatch/core/schemes";
import { z } from "zod";

import type { Journal } from "./journal.ts";

const sent = z.object({ tracking: z.string().min(1), weight_grams: z.int().positive() });
const delivered = z.object({ tracking: z.string().min(1), at: z.iso.datetime().transform((text) => new Date(text)) });

const schemas = { "parcel.sent": sent, "parcel.delivered": delivered };

/** What the schemas make of the payloads: `at` is a `Date` here. */
export type ParcelEvents = EventsOf<typeof schemas>;

/** What the receiver of parcels needs from outside. */
export interface ParcelsOptions {
  readonly secret: string;
  readonly journal: Journal;
  readonly onOutcome: (report: OutcomeReport) => void;
}

/** A platform of your own, with schemas: they are the event map, and no payload reaches a handler that fails its own. */
export function createParcels({ secret, journal, onOutcome }: ParcelsOptions): Receiver<ParcelEvents> {
  const provider = defineProvider({
    name: "parcel",
    scheme: standardWebhooks({ secrets: secret }),
    id: (_body, delivery) => delivery.header("webhook-id"), // which the scheme signs
    payload: "data",
    events: schemas,
  });
  const parcels = createReceiver({ provider, onOutcome }).use(journal.around);

  parcels.on("parcel.sent", ({ payload }) => journal.note(`${payload.tracking} weighs ${payload.weight_grams} g`));
  parcels.on("parcel.delivered", ({ payload }) => journal.note(`was there in ${payload.at.getUTCFullYear()}`));
  parcels.on("parcel.*", ({ payload }) => journal.note(`about ${payload.tracking}`)); // what all of them have
  return parcels;
}
