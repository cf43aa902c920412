import type { Store } from "@hooklatch/core";
import { postgresStore } from "@hooklatch/stores/postgres";
import { redisStore } from "@hooklatch/stores/redis";
import { sqliteStore } from "@hooklatch/stores/sqlite";
import { Redis } from "ioredis";
import type { Pool, PoolClient } from "pg";

/** The stores that are put through crashes. */
export const storeNames = ["sqlite", "redis", "postgres", "postgres in one transaction"] as const;

/** One of them. */
export type StoreName = (typeof storeNames)[number];

/** Where the stores of one run keep what they know. Plain data, for other processes. */
export interface Places {
  readonly sqlitePath: string;
  readonly redisUrl: string;
  readonly redisPrefix: string;
  readonly postgresUrl: string;
  readonly postgresSchema: string;
}

/** Opens a store in a worker. `pool` is the worker's own. */
export function openStore(name: StoreName, places: Places, pool: Pool): Store<PoolClient | undefined> {
  const { sqlitePath, redisUrl, redisPrefix, postgresSchema: schema } = places;
  if (name === "sqlite") return sqliteStore({ path: sqlitePath });
  if (name === "redis") return redisStore({ client: new Redis(redisUrl), prefix: redisPrefix });
  if (name === "postgres") return postgresStore({ client: pool, schema });
  // Its handlers are given a connection, never nothing.
  return postgresStore.transactional({ client: pool, schema }) as Store<PoolClient | undefined>;
}
