import { setTimeout as sleep } from "node:timers/promises";

import { createShop } from "./shop.ts";

// CHIP_PUBLIC_KEY="$(cat webhook.pem)" PORT=3000 node src/server.ts
const { app, payments } = createShop({
  publicKey: process.env["CHIP_PUBLIC_KEY"],
  ship: async () => sleep(5), // the call to your warehouse
});

const server = app.listen(Number(process.env["PORT"] ?? 3000), "127.0.0.1", () => {
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  console.log(`Listening for CHIP on http://127.0.0.1:${port}/webhooks/chip`);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    server.close(); // no new connections
    void payments.close(); // lets running handlers end
  });
}
