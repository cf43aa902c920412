import { createReceiver } from "@hooklatch/core";
import type { OutcomeReport, Receiver } from "@hooklatch/core";
import { toExpress } from "@hooklatch/express";
import { chip } from "@hooklatch/providers/chip";
import type { ChipEvents } from "@hooklatch/providers/chip";
import express from "express";
import type { Express } from "express";
import { z } from "zod";

/** What the shop needs from outside. */
export interface ShopOptions {
  /** The PEM of the webhook, as CHIP shows it. */
  readonly publicKey: string | undefined;
  /** Sends the goods of a paid order. When it fails, CHIP sends the event again. */
  readonly ship: (reference: string) => Promise<void>;
  readonly onOutcome?: (report: OutcomeReport) => void;
}

/** A small shop: an Express app of its own, with one route for CHIP's webhooks. */
export interface Shop {
  readonly app: Express;
  readonly payments: Receiver<ChipEvents>;
  /** What the handlers have done, oldest first. */
  readonly journal: readonly string[];
}

const refund = z.object({ payment: z.object({ amount: z.int().positive() }) });

/** Builds the shop. Reads nothing from the environment, so that a test can build it too. */
export function createShop({ publicKey = "", ship, onOutcome }: ShopOptions): Shop {
  const journal: string[] = [];
  const payments = createReceiver({ provider: chip({ publicKey }), ...(onOutcome === undefined ? {} : { onOutcome }) });

  payments.on("purchase.paid", async ({ payload }) => {
    await ship(payload.reference);
    journal.push(`shipped ${payload.reference}: ${toMoney(payload.purchase.total)} ${payload.purchase.currency}`);
  });
  payments.on("purchase.*", ({ payload }) => {
    journal.push(`purchase ${payload.reference} is ${payload.status}`);
  });
  payments.on("payment.refunded", { schema: refund }, ({ payload }) => {
    journal.push(`refunded ${toMoney(payload.payment.amount)}`);
  });

  const app = express();
  app.post("/webhooks/chip", toExpress(payments)); // before express.json(), which would eat the bytes
  app.use(express.json());
  app.get("/health", (_request, response) => {
    response.json({ ok: true });
  });
  return { app, payments, journal };
}

/** CHIP counts in the smallest unit of a currency. */
function toMoney(amount: number): string {
  return (amount / 100).toFixed(2);
}
