import type { Store } from "@hooklatch/core";
import { redisStore } from "@hooklatch/stores/redis";
import type { RedisClient } from "@hooklatch/stores/redis";
import { Cluster, Redis } from "ioredis";
import { createClient, createClientPool, createCluster, createSentinel, RESP_TYPES } from "redis";
import type { RedisClientType, RedisClusterType } from "redis";
import { expectTypeOf, test } from "vitest";

test("a client of ioredis is one for the store: of one server, of sentinels, of a cluster", () => {
  expectTypeOf<Redis>().toExtend<RedisClient>();
  expectTypeOf<Redis<"resp3">>().toExtend<RedisClient>();
  expectTypeOf<Cluster>().toExtend<RedisClient>();
});

test("a client of redis is one for the store: of one server, of a pool, of sentinels, of a cluster", () => {
  expectTypeOf<RedisClientType>().toExtend<RedisClient>();
  expectTypeOf<RedisClusterType>().toExtend<RedisClient>();
  expectTypeOf<ReturnType<typeof createClient>>().toExtend<RedisClient>();
  expectTypeOf<ReturnType<typeof createClientPool>>().toExtend<RedisClient>();
  expectTypeOf<ReturnType<typeof createCluster>>().toExtend<RedisClient>();
  expectTypeOf<ReturnType<typeof createSentinel>>().toExtend<RedisClient>();
});

test("clients as apps make them fit without a word about types", () => {
  const make = (): readonly Store[] => [
    redisStore({ client: new Redis("redis://127.0.0.1", { maxRetriesPerRequest: 1 }) }),
    redisStore({ client: new Redis({ name: "main", sentinels: [{ host: "127.0.0.1", port: 26_379 }] }) }),
    redisStore({ client: new Cluster([{ host: "127.0.0.1" }]), prefix: "shop:" }),
    redisStore({ client: createClient({ url: "redis://127.0.0.1", disableOfflineQueue: true }) }),
    redisStore({ client: createClient({ RESP: 2 }) }),
    redisStore({ client: createClient().withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer }) }),
    redisStore({ client: createClientPool() }),
    redisStore({ client: createCluster({ rootNodes: [] }) }),
    redisStore({ client: createSentinel({ name: "main", sentinelRootNodes: [] }) }),
  ];
  expectTypeOf(make).toBeFunction();
});

test("nothing else is a client", () => {
  expectTypeOf<{ get(key: string): Promise<string | null> }>().not.toExtend<RedisClient>();
  expectTypeOf<{ evalsha(sha: number): Promise<unknown>; eval(): Promise<unknown> }>().not.toExtend<RedisClient>();
  expectTypeOf<Pick<Redis, "evalsha">>().not.toExtend<RedisClient>();
  expectTypeOf<string>().not.toExtend<RedisClient>();
  // @ts-expect-error a URL is not a client
  expectTypeOf(() => redisStore({ client: "redis://127.0.0.1" })).toBeFunction();
});
