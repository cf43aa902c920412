import { createHmac, createSecretKey, timingSafeEqual } from "node:crypto";
import type { AddressInfo } from "node:net";

import { toExpress } from "@hooklatch/express";
import express from "express";
import type { Request, Response } from "express";

import { createShopReceiver, secret, signatureHeader } from "./shop-receiver.ts";

// One Express app in a process of its own: `receiver` or `by-hand`. Tells its parent the port, and on a message how many
// deliveries it has handled.

let handled = 0;
const app = express();
if (process.argv[2] === "receiver") {
  const receiver = createShopReceiver(async () => {
    handled++;
  });
  app.post("/webhooks/shop", toExpress(receiver));
} else {
  app.post("/webhooks/shop", express.raw({ type: "application/json" }), verifyByHand);
}

const key = createSecretKey(secret, "utf8");

function verifyByHand({ body, headers }: Request<unknown, unknown, Buffer>, response: Response): void {
  const expected = createHmac("sha256", key).update(body).digest();
  const given = Buffer.from(String(headers[signatureHeader]), "hex");
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    response.sendStatus(401);
    return;
  }
  JSON.parse(body.toString());
  handled++;
  response.sendStatus(200);
}

const server = app.listen(0, "127.0.0.1", () => {
  // A server that listens on a port, not on a pipe, has an AddressInfo.
  const { port } = server.address() as AddressInfo;
  process.send?.(port);
});
process.on("message", () => process.send?.(handled));
process.on("disconnect", () => process.exit());
