import { createReceiver } from "@hooklatch/core";
import type { Receiver } from "@hooklatch/core";
import { toFetchHandler } from "@hooklatch/core/fetch";
import { chip } from "@hooklatch/providers/chip";
import type { ChipEvents } from "@hooklatch/providers/chip";
import { Hono } from "hono";

/** What the shop needs from outside. */
export interface ShopOptions {
  /** The PEM of the webhook, as CHIP shows it. */
  readonly publicKey: string | undefined;
  /** Sends the goods of a paid order. When it fails, CHIP sends the event again. */
  readonly ship: (reference: string) => Promise<void>;
}

/** A small shop: a Hono app with a route for webhooks and one of its own. */
export interface Shop {
  readonly app: Hono;
  readonly payments: Receiver<ChipEvents>;
}

/** Builds the shop. Reads nothing from the environment, so that a test can build it too. */
export function createShop({ publicKey = "", ship }: ShopOptions): Shop {
  const shipped: string[] = [];
  const payments = createReceiver({ provider: chip({ publicKey }) });
  payments.on("purchase.paid", async ({ payload }) => {
    await ship(payload.reference);
    shipped.push(payload.reference);
  });
  const receive = toFetchHandler(payments);

  const app = new Hono();
  app.post("/webhooks/chip", async (context) => receive(context.req.raw)); // not context.req.json() before it
  app.get("/shipped", (context) => context.json(shipped));
  return { app, payments };
}
