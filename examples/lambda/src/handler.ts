import { setTimeout as sleep } from "node:timers/promises";

import { createShop } from "./shop.ts";

/** What Lambda calls. An instance makes it once, and does not start without the key. */
export const handler = createShop({
  publicKey: process.env["CHIP_PUBLIC_KEY"],
  async ship(reference) {
    await sleep(5); // the call to your warehouse
    console.log(`shipped ${reference}`);
  },
});
