import { toExpress } from "@hooklatch/express";
import express from "express";
import type { Express } from "express";

import { createJournal } from "./journal.ts";
import { createParcels } from "./parcels.ts";
import { createPayments } from "./payments.ts";
import { createStock } from "./stock.ts";
import { toAlert } from "./to-alert.ts";

/** Three receivers in one app, which shows what their handlers have done at `/journal`, and whom it would wake at `/alerts`. */
export function createApp(env: Readonly<Record<string, string | undefined>>): Express {
  const journal = createJournal();
  const alerts: string[] = [];
  const shared = {
    journal,
    onOutcome(report: Parameters<typeof toAlert>[0]) {
      const alert = toAlert(report);
      if (alert !== undefined) alerts.push(alert);
    },
  };

  const app = express();
  app.post("/webhooks/chip", toExpress(createPayments({ publicKey: env["CHIP_PUBLIC_KEY"] ?? "", ...shared })));
  app.post("/webhooks/parcel", toExpress(createParcels({ secret: env["PARCEL_SECRET"] ?? "", ...shared })));
  app.post("/webhooks/stock", toExpress(createStock({ secret: env["STOCK_SECRET"] ?? "", ...shared })));
  app.get("/journal", (_request, response) => void response.json(journal.lines));
  app.get("/alerts", (_request, response) => void response.json(alerts));
  return app;
}
