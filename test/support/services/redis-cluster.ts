import { Redis } from "ioredis";

import { freePort } from "./own-server.ts";
import { startRedis } from "./redis.ts";
import { untilAnswers } from "./find-service.ts";

const slots = 16_384;

/** Starts a cluster of two servers that ends with this process, each with one half of the keys. */
export async function startRedisCluster(): Promise<readonly { readonly host: string; readonly port: number }[]> {
  const [first, second] = await Promise.all([startNode(), startNode()]);
  try {
    await first.admin.call("CLUSTER", "ADDSLOTSRANGE", 0, slots / 2 - 1);
    await second.admin.call("CLUSTER", "ADDSLOTSRANGE", slots / 2, slots - 1);
    // Of one age they might not agree who is who.
    await second.admin.call("CLUSTER", "SET-CONFIG-EPOCH", 2);
    await first.admin.call("CLUSTER", "MEET", "127.0.0.1", second.port, second.busPort);
    for (const { admin } of [first, second])
      await untilAnswers(
        () => isWhole(admin),
        () => true,
      );
  } finally {
    first.admin.disconnect();
    second.admin.disconnect();
  }
  return [first, second].map(({ port }) => ({ host: "127.0.0.1", port }));
}

async function startNode() {
  const busPort = await freePort();
  const { url, port } = await startRedis({ args: ["--cluster-enabled", "yes", "--cluster-port", String(busPort)] });
  return { port, busPort, admin: new Redis(url) };
}

async function isWhole(admin: Redis): Promise<boolean> {
  const info = String(await admin.call("CLUSTER", "INFO"));
  return info.includes("cluster_state:ok") && info.includes("cluster_size:2");
}
