import { randomBytes } from "node:crypto";

import type { StorePlace } from "@hooklatch/conformance/store";
import type { Store } from "@hooklatch/core";
import { redisStore } from "@hooklatch/stores/redis";
import type { RedisClient } from "@hooklatch/stores/redis";
import { Redis } from "ioredis";
import { createClient } from "redis";

import { openDetour } from "../services/outage.ts";
import { redisService } from "../services/redis.ts";

/** A client of the app's own, and how the app ends it. */
interface AppClient {
  readonly client: RedisClient;
  end(): void;
}

/** Both clients, as their documentation sets them up. Neither may end the process when its server goes away. */
const clients: Readonly<Record<string, (url: string) => Promise<AppClient>>> = {
  async ioredis(url) {
    const client = new Redis(url, { maxRetriesPerRequest: 1, retryStrategy: () => 100 });
    client.on("error", () => {});
    return { client, end: () => client.disconnect() };
  },
  async redis(url) {
    const client = createClient({ url, disableOfflineQueue: true, socket: { reconnectStrategy: 100 } });
    client.on("error", () => {});
    await client.connect();
    return { client, end: () => client.destroy() };
  },
};

/** Keys under a prefix of their own, through one of the clients. */
export async function redisPlace(name: "ioredis" | "redis"): Promise<StorePlace> {
  const service = await redisService();
  const detour = await openDetour(service);
  const prefix = `hooklatch-test-${randomBytes(6).toString("hex")}:`;
  const argument = (url: string): string => JSON.stringify({ name, url, prefix });
  return {
    open: () => open(argument(detour.url)),
    elsewhere: { module: new URL(import.meta.url), argument: argument(service) },
    outage: detour,
    async remove() {
      await detour.close();
      const client = new Redis(service);
      const left = await client.keys(`${prefix}*`);
      if (left.length > 0) await client.del(left);
      client.disconnect();
    },
  };
}

/** Opens the store in any process, with a client that ends with it. */
export async function open(argument: string): Promise<Store> {
  // What redisPlace writes.
  const { name, url, prefix } = JSON.parse(argument) as Record<"name" | "url" | "prefix", string>;
  const app = await clients[name]?.(url);
  if (app === undefined) throw new Error(`There is no client ${name}.`);
  const store = redisStore({ client: app.client, prefix });
  return {
    ...store,
    async close() {
      await store.close();
      app.end();
    },
  };
}
