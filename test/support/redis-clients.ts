import type { Store } from "@hooklatch/core";
import type { RedisClient } from "@hooklatch/stores/redis";
import { Redis } from "ioredis";
import type { RedisOptions } from "ioredis";
import { createClient } from "redis";
import { onTestFinished } from "vitest";

import { startRedis } from "./services/redis.ts";

/** Both clients, their queues for bad times left on. They end with the test. */
export const redisClients: Readonly<Record<string, (url: string) => Promise<RedisClient>>> = {
  ioredis: async (url) => connectIoredis(url),
  async redis(url) {
    const client = createClient({ url, socket: { reconnectStrategy: 50 } });
    client.on("error", () => {});
    onTestFinished(() => client.destroy());
    return client.connect();
  },
};

/** A client of `ioredis` that ends with the test. */
export function connectIoredis(
  url: string,
  options: Pick<
    RedisOptions,
    "stringNumbers" | "keyPrefix" | "enableAutoPipelining" | "socketTimeout" | "reconnectOnError"
  > = {},
): Redis {
  const client = new Redis(url, { retryStrategy: () => 50, ...options });
  client.on("error", () => {});
  onTestFinished(() => client.disconnect());
  return client;
}

/** A Redis of the test's own, and a connection to look behind the store's back. */
export async function openOwnRedis(
  ...args: readonly string[]
): Promise<{ readonly url: string; readonly admin: Redis }> {
  const server = await startRedis({ args });
  onTestFinished(() => server.stop());
  return { url: server.url, admin: connectIoredis(server.url) };
}

/** Claims a key that MUST be free. */
export async function take(
  store: Store,
  key: string,
  leaseMs = 60_000,
): Promise<{ readonly token: string; readonly attempt: number }> {
  const claim = await store.claim(key, leaseMs, 1);
  if (claim.status !== "new") throw new Error(`A claim of a free key was answered ${claim.status}.`);
  return claim;
}
