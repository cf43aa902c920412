import { randomBytes, randomUUID } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { memoryStore } from "@hooklatch/core";
import type { Store } from "@hooklatch/core";
import { postgresStore } from "@hooklatch/stores/postgres";
import { redisStore } from "@hooklatch/stores/redis";
import { sqliteStore } from "@hooklatch/stores/sqlite";
import { Redis } from "ioredis";
import pg from "pg";

import { postgresService } from "../support/services/postgres.ts";
import { startRedis } from "../support/services/redis.ts";

/** A store that can be filled with handled events. */
export interface FilledStore {
  readonly store: Store;
  fill(ids: number): Promise<void>;
  /** What it takes up by now. */
  bytes(): Promise<number>;
  end(): Promise<void>;
}

/** By the names of the stores. */
export const openFilled: Readonly<Record<string, () => Promise<FilledStore>>> = {
  memory: openMemory,
  sqlite: openSqlite,
  redis: openRedis,
  postgres: openPostgres,
};

const keepMs = 86_400_000;

async function openMemory(): Promise<FilledStore> {
  const store = memoryStore({ maxIds: 5_500_000 });
  return {
    store,
    fill: (ids) => claimAndSettle(store, ids),
    async bytes() {
      for (let time = 0; time < 3; time++) globalThis.gc?.();
      return process.memoryUsage().heapUsed;
    },
    end: async () => {},
  };
}

async function openSqlite(): Promise<FilledStore> {
  const folder = mkdtempSync(join(tmpdir(), "hooklatch-bench-"));
  const store = sqliteStore({ path: join(folder, "claims.db") });
  return {
    store,
    fill: (ids) => claimAndSettle(store, ids),
    bytes: async () =>
      readdirSync(folder).reduce(
        (sum, name) => (name.endsWith(".db") ? sum + statSync(join(folder, name)).size : sum),
        0,
      ),
    async end() {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** On a server of its own, which says what it uses. */
async function openRedis(): Promise<FilledStore> {
  const server = await startRedis();
  const client = new Redis(server.url);
  const store = redisStore({ client });
  return {
    store,
    fill: (ids) => claimAndSettle(store, ids),
    bytes: async () => Number(/used_memory:(\d+)/.exec(await client.info("memory"))?.[1]),
    async end() {
      client.disconnect();
      await server.stop();
    },
  };
}

async function openPostgres(): Promise<FilledStore> {
  const pool = new pg.Pool({ connectionString: await postgresService(), max: 10 });
  const schema = `hooklatch_bench_${randomBytes(6).toString("hex")}`;
  const store = postgresStore({ client: pool, schema });
  await store.migrate();
  return {
    store,
    // Millions of round trips would take half an hour; the rows are written as claims and settlements leave them.
    async fill(ids) {
      for (let done = 0; done < ids; done += 50_000) {
        await pool.query(
          `INSERT INTO ${schema}.hooklatch_claims (key, token, ends_at, fingerprint, attempt, status)
           SELECT sha256(convert_to(gen_random_uuid()::text, 'UTF8')), (random() * 9e18)::bigint,
             clock_timestamp() + interval '1 day', 1, 1, 'settled' FROM generate_series(1, $1::int)`,
          [Math.min(50_000, ids - done)],
        );
      }
      await pool.query(`VACUUM ANALYZE ${schema}.hooklatch_claims`);
    },
    async bytes() {
      const { rows } = await pool.query<{ bytes: string }>(
        `SELECT pg_total_relation_size('${schema}.hooklatch_claims') AS bytes`,
      );
      return Number(rows[0]?.bytes);
    },
    async end() {
      await store.close();
      await pool.query(`DROP SCHEMA ${schema} CASCADE`);
      await pool.end();
    },
  };
}

/** The work of a receiver on so many new events, many at a time. */
async function claimAndSettle(store: Store, ids: number): Promise<void> {
  let left = ids;
  const lane = async (): Promise<void> => {
    while (left-- > 0) {
      const key = ["stripe", randomUUID()].join("/");
      const claim = await store.claim(key, 60_000, 1);
      if (claim.status !== "new" || !(await store.settle(key, claim.token, keepMs))) throw new Error("It was not new.");
    }
  };
  await Promise.all(Array.from({ length: 500 }, lane));
}
