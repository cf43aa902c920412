import { setTimeout as sleep } from "node:timers/promises";

import { createShop } from "./shop.ts";

// CHIP_PUBLIC_KEY="$(cat webhook.pem)" PORT=3000 node src/server.ts
const { app, payments } = createShop({
  publicKey: process.env["CHIP_PUBLIC_KEY"],
  ship: async () => sleep(5), // the call to your warehouse
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    void app.close(); // no new connections
    void payments.close(); // lets running handlers end
  });
}

const url = await app.listen({ port: Number(process.env["PORT"] ?? 3000), host: "127.0.0.1" });
console.log(`Listening for CHIP on ${url}/webhooks/chip`);
