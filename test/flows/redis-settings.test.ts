import { randomUUID } from "node:crypto";

import { redisStore } from "@hooklatch/stores/redis";
import type { RedisClient } from "@hooklatch/stores/redis";
import { createClient, RESP_TYPES } from "redis";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";

import { connectIoredis, openOwnRedis, redisClients, take } from "../support/redis-clients.ts";
import { findProgram, skipWithoutService } from "../support/services/find-service.ts";
import { redisService } from "../support/services/redis.ts";
import { failOnUnhandled } from "../support/unhandled.ts";

failOnUnhandled();

beforeEach((context) => skipWithoutService(context, findProgram("redis-server")));

const longMs = 60_000;

describe.each(Object.entries(redisClients))("the Redis store with %s", (_name, connect) => {
  test("takes nothing for a claim that it did not write", async () => {
    const { url, admin } = await openOwnRedis();
    const store = redisStore({ client: await connect(url) });
    await admin.set("hooklatch:event", "the app's own");
    await admin.lpush("hooklatch:list", "the app's own");
    await expect(store.claim("event", longMs, 1)).rejects.toThrow(/not of Hooklatch/);
    await expect(store.claim("list", longMs, 1)).rejects.toThrow(/WRONGTYPE/);
    expect(await admin.get("hooklatch:event")).toBe("the app's own");
  });

  test("refuses claims when the server is full, and forgets nothing", async () => {
    const { url, admin } = await openOwnRedis("--maxmemory-policy", "noeviction");
    const store = redisStore({ client: await connect(url) });
    const held = await take(store, "event");
    await store.settle("event", held.token, longMs);
    await admin.config("SET", "maxmemory", "1");
    await expect(store.claim("another", longMs, 1)).rejects.toThrow(/OOM/);
    await admin.config("SET", "maxmemory", "0");
    expect((await store.claim("event", longMs, 1)).status).toBe("duplicate");
    expect((await take(store, "another")).attempt).toBe(1);
  });

  test.each([
    { policy: "allkeys-lru", warnings: 1 },
    { policy: "volatile-ttl", warnings: 1 },
    { policy: "noeviction", warnings: 0 },
  ])("gives $warnings warnings where a full server does $policy", async ({ policy, warnings }) => {
    const warn = vi.spyOn(process, "emitWarning").mockReturnValue();
    const { url } = await openOwnRedis("--maxmemory", "100mb", "--maxmemory-policy", policy);
    const client = await connect(url);
    const store = redisStore({ client });
    await take(store, "one");
    await take(store, "another");
    // The commands of one connection are answered in turn: what was asked about evictions is answered by now.
    await expect(redisStore({ client }).renew("one", "none", 1)).resolves.toBe(false);
    const ours = warn.mock.calls.filter((call) => JSON.stringify(call).includes("HOOKLATCH_EVICTION"));
    expect(ours).toHaveLength(warnings);
    if (warnings > 0) expect(ours[0]?.[0]).toContain(policy);
  });

  test("says nothing about a server without a limit of memory, or one that keeps its settings to itself", async () => {
    const warn = vi.spyOn(process, "emitWarning").mockReturnValue();
    const unlimited = await openOwnRedis("--maxmemory-policy", "allkeys-lru");
    const silent = await openOwnRedis("--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru");
    await silent.admin.acl("SETUSER", "default", "-info");
    for (const { url } of [unlimited, silent]) {
      const store = redisStore({ client: await connect(url) });
      await take(store, "event");
      expect((await store.claim("event", longMs, 1)).status).toBe("busy");
    }
    expect(JSON.stringify(warn.mock.calls)).not.toContain("HOOKLATCH_EVICTION");
  });
});

const odd: Readonly<Record<string, (url: string) => Promise<RedisClient>>> = {
  "ioredis with stringNumbers": async (url) => connectIoredis(url, { stringNumbers: true }),
  "ioredis with keyPrefix and autoPipelining": async (url) =>
    connectIoredis(url, { keyPrefix: "shop:", enableAutoPipelining: true }),
  async "redis with RESP 2"(url) {
    const client = createClient({ url, RESP: 2 });
    onTestFinished(() => client.destroy());
    return client.connect();
  },
  async "redis with answers in Buffers"(url) {
    const client = createClient({ url }).withTypeMapping({
      [RESP_TYPES.BLOB_STRING]: Buffer,
      [RESP_TYPES.NUMBER]: String,
    });
    onTestFinished(() => client.destroy());
    await client.connect();
    return client;
  },
};

test.each(Object.entries(odd))("understands %s", async (_name, connect) => {
  const store = redisStore({ client: await connect(await redisService()), prefix: `hooklatch-test-${randomUUID()}:` });
  const held = await take(store, "event");
  expect(held.attempt).toBe(1);
  expect(await store.claim("event", longMs, 2)).toMatchObject({ status: "busy", conflict: true });
  expect(await store.renew("event", held.token, longMs)).toBe(true);
  expect(await store.renew("event", "another", longMs)).toBe(false);
  expect(await store.settle("event", held.token, 1_000)).toBe(true);
  expect(await store.claim("event", longMs, 1)).toEqual({ status: "duplicate", conflict: false });
});
