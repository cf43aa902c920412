import { createReceiver } from "@hooklatch/core";
import type { Receiver } from "@hooklatch/core";
import { toFastifyPlugin } from "@hooklatch/fastify";
import { chip } from "@hooklatch/providers/chip";
import type { ChipEvents } from "@hooklatch/providers/chip";
import fastify from "fastify";
import type { FastifyInstance } from "fastify";

/** What the shop needs from outside. */
export interface ShopOptions {
  /** The PEM of the webhook, as CHIP shows it. */
  readonly publicKey: string | undefined;
  /** Sends the goods of a paid order. When it fails, CHIP sends the event again. */
  readonly ship: (reference: string) => Promise<void>;
}

/** A small shop: a Fastify app with a plugin for CHIP's webhooks and routes of its own. */
export interface Shop {
  readonly app: FastifyInstance;
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

  const app = fastify();
  app.addHook("onResponse", async ({ method, routeOptions }, reply) => {
    console.log(`${method} ${routeOptions.url ?? "?"} ${reply.statusCode} ${Math.ceil(reply.elapsedTime)} ms`);
  });
  app.register(toFastifyPlugin(payments), { prefix: "/webhooks/chip" });
  app.get("/shipped", () => shipped);
  app.post("/echo", (request) => request.body); // Fastify's JSON parser serves it as before
  return { app, payments };
}
