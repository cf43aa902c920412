import { ConfigError } from "@hooklatch/core/errors";
import { describe, expect, test, vi } from "vitest";

import type { IoredisClient, RedisClient } from "./redis-client.ts";
import { redisStore } from "./redis-store.ts";

/** A client whose server answers everything in one way. */
function answering(answer: unknown): IoredisClient {
  return { evalsha: async () => answer, eval: async () => answer };
}

describe("redisStore() refuses", () => {
  // Not every caller has a compiler.
  const of = (options: unknown) => () => redisStore(options as Parameters<typeof redisStore>[0]);

  test.each([undefined, null, "redis://127.0.0.1", {}, { evalSha: true }])("the client %j", (client) => {
    expect(of({ client })).toThrow(ConfigError);
    expect(of({ client })).toThrow(expect.objectContaining({ code: "ERR_OPTION_INVALID" }));
  });

  test("a prefix that is no text", () => {
    expect(of({ client: answering(1), prefix: 7 })).toThrow(ConfigError);
  });
});

test.each([
  [null],
  [undefined],
  ["OK"],
  [[]],
  [0],
  [-1],
  ["x"],
  [{}],
  [["1"]],
  [["busy", "1"]],
  [["busy", "1", 0]],
  [["busy", "x", 9]],
  [["duplicate"]],
  [["granted", 1]],
])("a claim that is answered %j is not granted", async (answer) => {
  await expect(redisStore({ client: answering(answer) }).claim("event", 1, 1)).rejects.toThrow("something else");
});

test.each([[null], ["OK"], [2]])("a settlement or renewal answered %j is neither done nor lost", async (answer) => {
  const store = redisStore({ client: answering(answer) });
  await expect(store.settle("event", "token", 1)).rejects.toThrow("something else");
  await expect(store.renew("event", "token", 1)).rejects.toThrow("something else");
  await expect(store.release("event", "token")).rejects.toThrow("something else");
});

test("a script is sent in full only to a server that does not know it", async () => {
  const full = vi.fn<IoredisClient["eval"]>(async () => 1);
  const failing = (message: string): RedisClient => ({
    evalsha: () => Promise.reject(new Error(message)),
    eval: full,
  });
  await expect(redisStore({ client: failing("LOADING") }).settle("event", "token", 1)).rejects.toThrow("LOADING");
  expect(full).not.toHaveBeenCalled();
  await expect(redisStore({ client: failing("NOSCRIPT No matching script.") }).settle("e", "t", 9)).resolves.toBe(true);
  expect(full).toHaveBeenCalledExactlyOnceWith(expect.stringContaining("redis.call"), 1, "hooklatch:e", "t", "9");
});

test("no two claims have one token", async () => {
  const store = redisStore({ client: answering(1) });
  const claims = await Promise.all(Array.from({ length: 1_000 }, async () => store.claim("event", 1, 1)));
  expect(new Set(claims.map((claim) => claim.status === "new" && claim.token)).size).toBe(1_000);
});

test("a closed store asks its client nothing, and leaves it open", async () => {
  const client = { ...answering(1), quit: vi.fn<() => void>(), disconnect: vi.fn<() => void>() };
  const store = redisStore({ client });
  await store.close();
  await store.close();
  await expect(store.claim("event", 1, 1)).rejects.toThrow("closed");
  expect(client.quit).not.toHaveBeenCalled();
  expect(client.disconnect).not.toHaveBeenCalled();
});
