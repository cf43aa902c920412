import { createReceiver } from "@hooklatch/core";
import type { Receiver } from "@hooklatch/core";
import { toKoa } from "@hooklatch/koa";
import { chip } from "@hooklatch/providers/chip";
import type { ChipEvents } from "@hooklatch/providers/chip";
import { Router } from "@koa/router";
import Koa from "koa";

/** What the shop needs from outside. */
export interface ShopOptions {
  /** The PEM of the webhook, as CHIP shows it. */
  readonly publicKey: string | undefined;
  /** Sends the goods of a paid order. When it fails, CHIP sends the event again. */
  readonly ship: (reference: string) => Promise<void>;
}

/** A small shop: a Koa app with one router for webhooks and one of its own. */
export interface Shop {
  readonly app: Koa;
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

  const webhooks = new Router({ prefix: "/webhooks" });
  webhooks.post("/chip", toKoa(payments));

  const shop = new Router();
  shop.get("/shipped", (context) => {
    context.body = shipped;
  });

  const app = new Koa();
  app.use(timeTheRequest);
  app.use(webhooks.routes()); // above any body parser, which would eat the bytes
  app.use(shop.routes());
  return { app, payments };
}

/** Middleware around everything, webhooks too. */
const timeTheRequest: Koa.Middleware = async (context, next) => {
  const startedAtMs = performance.now();
  await next();
  console.log(`${context.method} ${context.status} ${Math.ceil(performance.now() - startedAtMs)} ms`);
};
