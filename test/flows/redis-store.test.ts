import { once } from "node:events";

import { createReceiver, toIncomingDelivery } from "@hooklatch/core";
import type { Provider, Receiver, Result, Store } from "@hooklatch/core";
import { redisStore } from "@hooklatch/stores/redis";
import type { RedisClient } from "@hooklatch/stores/redis";
import { Cluster } from "ioredis";
import { createCluster } from "redis";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";

import { connectIoredis, openOwnRedis, redisClients, take } from "../support/redis-clients.ts";
import { findProgram, skipWithoutService } from "../support/services/find-service.ts";
import { openDetour } from "../support/services/outage.ts";
import type { Detour } from "../support/services/outage.ts";
import { startRedis } from "../support/services/redis.ts";
import { startRedisCluster } from "../support/services/redis-cluster.ts";
import { failOnUnhandled } from "../support/unhandled.ts";

failOnUnhandled();

beforeEach((context) => skipWithoutService(context, findProgram("redis-server")));

const dayMs = 86_400_000;
const longMs = 60_000;

async function detourTo(url: string): Promise<Detour> {
  const detour = await openDetour(url);
  onTestFinished(() => detour.close());
  return detour;
}

describe.each(Object.entries(redisClients))("the Redis store with %s", (_name, connect) => {
  test("goes on when the server has forgotten its scripts", async () => {
    const { url, admin } = await openOwnRedis();
    const store = redisStore({ client: await connect(url) });
    const held = await take(store, "event");
    for (const ask of [
      () => store.renew("event", held.token, longMs),
      () => store.settle("event", held.token, longMs),
    ]) {
      await admin.script("FLUSH");
      expect(await ask()).toBe(true);
    }
    await admin.script("FLUSH");
    expect(await store.claim("event", longMs, 1)).toEqual({ status: "duplicate", conflict: false });
    const given = await take(store, "another");
    await admin.script("FLUSH");
    await store.release("another", given.token);
    expect((await take(store, "another")).attempt).toBe(2);
  });

  test("refuses the tokens of a server that lost its memory", async () => {
    const server = await startRedis();
    const store = redisStore({ client: await connect(server.url) });
    const before = await take(store, "event");
    await server.stop();
    const again = await startRedis({ port: server.port });
    onTestFinished(() => again.stop());
    const after = await vi.waitFor(() => take(store, "event"), 10_000);
    expect(after.token).not.toBe(before.token);
    expect(await store.settle("event", before.token, longMs)).toBe(false);
    expect(await store.settle("event", after.token, longMs)).toBe(true);
  });

  test("leaves one key for each event, and each ends by itself", async () => {
    const { url, admin } = await openOwnRedis();
    const store = redisStore({ client: await connect(url), prefix: "shop:" });
    await take(store, "running");
    const settled = await take(store, "settled");
    await store.settle("settled", settled.token, 30 * dayMs);
    const released = await take(store, "released");
    await store.release("released", released.token);
    expect((await admin.keys("*")).toSorted()).toEqual(["shop:released", "shop:running", "shop:settled"]);
    // The attempts of a process that died are counted for as long as those of one that failed.
    for (const [key, ms] of Object.entries({ running: longMs + 7 * dayMs, settled: 30 * dayMs, released: 7 * dayMs })) {
      const leftMs = await admin.pttl(`shop:${key}`);
      expect(leftMs).toBeGreaterThan(ms - 10_000);
      expect(leftMs).toBeLessThanOrEqual(ms);
    }
  });

  test("gives back what was granted too late, after the way to the server stood still", async () => {
    const { url } = await openOwnRedis();
    const detour = await detourTo(url);
    const store = redisStore({ client: await connect(detour.url) });
    const handled: string[] = [];
    const receiver = receiverOn(store, handled);
    expect((await deliver(receiver, "before")).outcome).toBe("handled");
    detour.hold("everything");
    const [result] = await Promise.all([deliver(receiver, "late"), deliver(receiver, "later")]);
    expect([result.outcome, result.error?.code]).toEqual(["unavailable", "ERR_STORE_UNAVAILABLE"]);
    await detour.mend();
    // Long before their leases end.
    for (const id of ["late", "later"]) {
      await vi.waitFor(async () => expect((await deliver(receiver, id)).outcome).toBe("handled"), 5_000);
    }
    expect(handled).toEqual(["before", "late", "later"]);
  });

  test("goes on by itself when the server comes back after commands have piled up", async () => {
    const { url } = await openOwnRedis();
    const detour = await detourTo(url);
    const store = redisStore({ client: await connect(detour.url) });
    const handled: string[] = [];
    const receiver = receiverOn(store, handled);
    await detour.cut();
    const results = await Promise.all(Array.from({ length: 20 }, (_, index) => deliver(receiver, `event ${index}`)));
    expect(new Set(results.map(({ outcome }) => outcome))).toEqual(new Set(["unavailable"]));
    await detour.mend();
    await vi.waitFor(async () => expect((await deliver(receiver, "event 7")).outcome).toBe("handled"), 5_000);
    expect(handled).toEqual(["event 7"]);
  });
});

test("a claim that ioredis sends again, as its answer was lost, is granted and not busy with itself", async () => {
  const { url, admin } = await openOwnRedis();
  const detour = await detourTo(url);
  const store = redisStore({ client: connectIoredis(detour.url) });
  await take(store, "before");
  detour.hold("answers");
  const asked = store.claim("event", longMs, 1);
  await vi.waitFor(async () => expect(await admin.exists("hooklatch:event")).toBe(1), 5_000);
  await detour.cut();
  await detour.mend();
  const claim = await asked;
  expect(claim).toMatchObject({ status: "new", attempt: 1 });
  expect(await store.settle("event", claim.status === "new" ? claim.token : "", longMs)).toBe(true);
});

test("a server that vanished is given up by ioredis with a socketTimeout, and the next one found", async () => {
  const { url } = await openOwnRedis();
  const detour = await detourTo(url);
  const store = redisStore({ client: connectIoredis(detour.url, { socketTimeout: 500 }) });
  const handled: string[] = [];
  const receiver = receiverOn(store, handled);
  expect((await deliver(receiver, "before")).outcome).toBe("handled");
  detour.strand();
  expect((await deliver(receiver, "during")).outcome).toBe("unavailable");
  await vi.waitFor(async () => expect((await deliver(receiver, "after")).outcome).toBe("handled"), 5_000);
  expect(handled).toEqual(["before", "after"]);
});

test("a primary that became a replica is left by ioredis with reconnectOnError, and the next one found", async () => {
  const [old, next] = [await openOwnRedis(), await startRedis()];
  onTestFinished(() => next.stop());
  const detour = await detourTo(old.url);
  const client = connectIoredis(detour.url, { reconnectOnError: ({ message }) => message.includes("READONLY") });
  const store = redisStore({ client });
  await take(store, "before");
  await old.admin.call("REPLICAOF", "127.0.0.1", String(next.port));
  detour.leadTo(next.url);
  expect(await vi.waitFor(() => take(store, "after"), 5_000)).toMatchObject({ attempt: 1 });
});

describe("in a cluster", () => {
  test.each(["ioredis", "redis"])("%s finds each event on its server", async (name) => {
    const nodes = await startRedisCluster();
    const connect = async (): Promise<RedisClient> => {
      if (name === "ioredis") {
        const cluster = new Cluster([...nodes]);
        onTestFinished(() => cluster.disconnect());
        await once(cluster, "ready");
        return cluster;
      }
      const cluster = createCluster({ rootNodes: nodes.map((socket) => ({ socket })) });
      onTestFinished(() => cluster.destroy());
      return cluster.connect();
    };
    const [one, other] = [redisStore({ client: await connect() }), redisStore({ client: await connect() })];
    const keys = [...Array.from({ length: 50 }, (_, index) => `event ${index}`), "{tag}1", "{tag}2", "{", "{}"];
    const held = await Promise.all(keys.map((key) => take(one, key)));
    for (const [index, key] of keys.entries()) {
      expect((await other.claim(key, longMs, 1)).status).toBe("busy");
      expect(await other.renew(key, held[index]?.token ?? "", longMs)).toBe(true);
      expect(await other.settle(key, held[index]?.token ?? "", longMs)).toBe(true);
      expect((await one.claim(key, longMs, 1)).status).toBe("duplicate");
    }
    for (const { host, port } of nodes) {
      const node = connectIoredis(`redis://${host}:${port}`);
      expect(await node.dbsize()).toBeGreaterThan(10);
      await node.script("FLUSH");
    }
    expect((await one.claim("event 1", longMs, 1)).status).toBe("duplicate");
  });
});

function receiverOn(store: Store, handled: string[]): Receiver {
  const provider: Provider = {
    name: "redis-flow",
    // What is delivered here was made here.
    scheme: { headers: [], verify: ({ body }) => body },
    body: "json",
    maxBodyBytes: 1_000,
    retryHorizonMs: 60_000,
    describe: ({ id }) => ({ id, type: "redis.tried", payload: {} }),
  };
  return createReceiver({ provider, store, storeTimeoutMs: 500, leaseMs: longMs, onOutcome: () => {} }).on(
    "*",
    ({ id }) => void handled.push(id),
  );
}

function deliver(receiver: Receiver, id: string): Promise<Result> {
  const body = Buffer.from(JSON.stringify({ id }));
  return receiver.receive(toIncomingDelivery({ headers: { "content-type": "application/json" }, body }));
}
