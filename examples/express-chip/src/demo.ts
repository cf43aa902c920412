import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

import { createMockSender } from "@hooklatch/mock-sender";
import { chipMock } from "@hooklatch/mock-sender/chip";
import express from "express";

import { listen } from "./listen.ts";
import { startNotifications } from "./notifications.ts";
import { otherPlatforms } from "./other-platforms.ts";
import { createReporter } from "./reporter.ts";
import { scenes } from "./scenes.ts";
import type { Warehouse } from "./scenes.ts";
import { serve } from "./serve.ts";
import { createShop } from "./shop.ts";

// npx -y pnpm@12 demo [--serve [--port 3000]]
const { values } = parseArgs({
  options: { serve: { type: "boolean", default: false }, port: { type: "string", default: "3000" } },
});

try {
  if (values.serve) await serve(Number(values.port));
  else process.exitCode = await run();
} catch (error) {
  if (
    !(error instanceof Error && "code" in error && ["EADDRINUSE", "ERR_SOCKET_BAD_PORT"].includes(String(error.code)))
  ) {
    throw error;
  }
  console.error(`Port ${values.port} cannot be used (${String(error.code)}). Choose another one with --port.`);
  process.exitCode = 1;
}

/** Plays every scene against a shop on a loopback port. Answers with the exit code. */
async function run(): Promise<number> {
  const sender = createMockSender(chipMock()); // makes its own keys
  const warehouse: Warehouse = { outages: 0, delayMs: 0 };
  const shop = createShop({
    publicKey: sender.credentials.publicKey,
    async ship() {
      await sleep(warehouse.delayMs);
      if (warehouse.outages-- > 0) throw new Error("The warehouse does not answer.");
    },
    onOutcome: () => {}, // the table tells it
  });
  const app = express();
  for (const platform of otherPlatforms) platform.mount(app);
  app.use(shop.app); // last, as it has a body parser of its own
  const { url, close } = await listen(app);
  const notifications = await startNotifications();
  const all = [...scenes, ...otherPlatforms.flatMap((platform) => platform.scenes(url)), ...notifications.scenes];
  const reporter = createReporter(process.stdout);
  reporter.start(`Express on ${url}; webhooks of CHIP and the other founding platforms, and InPlayer's notifications:`);

  for (const [index, scene] of all.entries()) {
    reporter.progress(index + 1, all.length, scene.event);
    const startedAt = performance.now();
    const results = await scene.play({ sender, url: `${url}/webhooks/chip`, warehouse });
    reporter.row(scene, results, performance.now() - startedAt);
  }

  for (const receiver of [shop.payments, ...otherPlatforms, notifications]) await receiver.close();
  await close();
  return reporter.finish(shop.journal);
}
