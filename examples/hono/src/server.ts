import { setTimeout as sleep } from "node:timers/promises";

import { serve } from "@hono/node-server";

import { createShop } from "./shop.ts";

// CHIP_PUBLIC_KEY="$(cat webhook.pem)" PORT=3000 node src/server.ts
const { app, payments } = createShop({
  publicKey: process.env["CHIP_PUBLIC_KEY"],
  ship: async () => sleep(5), // the call to your warehouse
});

const port = Number(process.env["PORT"] ?? 3000);
const server = serve({ fetch: app.fetch, port, hostname: "127.0.0.1" }, (address) => {
  console.log(`Listening for CHIP on http://127.0.0.1:${address.port}/webhooks/chip`);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    server.close(); // no new connections
    void payments.close(); // lets running handlers end
  });
}
