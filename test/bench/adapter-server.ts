import type { AddressInfo } from "node:net";

import type { Answer, StartApp } from "./apps/app.ts";
import { verifyByHand } from "./apps/verify-by-hand.ts";
import { createShopReceiver } from "./shop-receiver.ts";

// One app in a process of its own, named by its framework and its kind, such as `koa/by-hand`. Tells its parent the port,
// and on a message how many deliveries it has handled.

const apps: Readonly<Record<string, () => Promise<StartApp>>> = {
  "node:http": async () => (await import("./apps/node-http.ts")).startNodeHttp,
  express: async () => (await import("./apps/express.ts")).startExpress,
  koa: async () => (await import("./apps/koa.ts")).startKoa,
  fastify: async () => (await import("./apps/fastify.ts")).startFastify,
};

let handled = 0;

function toAnswer(kind: string | undefined): Answer {
  if (kind === "bare") return { kind };
  if (kind === "receiver") {
    const receiver = createShopReceiver(async () => {
      handled++;
    });
    return { kind, receiver };
  }
  return {
    kind: "by-hand",
    verify(body, headers) {
      const status = verifyByHand(body, headers);
      if (status === 200) handled++;
      return status;
    },
  };
}

const [framework = "", kind] = process.argv[2]?.split("/") ?? [];
const load = apps[framework];
if (load === undefined) throw new Error(`There is no app of ${framework}.`);
const start = await load();
const server = await start(toAnswer(kind));
// A server that listens on a port, not on a pipe, has an AddressInfo.
const { port } = server.address() as AddressInfo;
process.send?.(port);
process.on("message", () => process.send?.(handled));
process.on("disconnect", () => process.exit());
