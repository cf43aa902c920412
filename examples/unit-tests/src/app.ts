import { toExpress } from "@hooklatch/express";
import express from "express";
import type { Express } from "express";

import { createPayments } from "./payments.ts";
import type { PaymentsOptions } from "./payments.ts";

/** The app as it is deployed: the receiver, mounted. */
export function createApp(options: PaymentsOptions): Express {
  const app = express();
  app.post("/webhooks/stripe", toExpress(createPayments(options)));
  app.use(express.json());
  return app;
}
