import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import type { Store } from "@hooklatch/core";
import { postgresStore } from "@hooklatch/stores/postgres";
import { redisStore } from "@hooklatch/stores/redis";
import { sqliteStore } from "@hooklatch/stores/sqlite";
import { Redis } from "ioredis";
import pg from "pg";
import { createClient } from "redis";

import { postgresService } from "../support/services/postgres.ts";
import { redisService } from "../support/services/redis.ts";

/** A store, and what its client does without it. */
export interface Subject {
  readonly name: string;
  readonly bareName: string;
  readonly claimAndSettle: (key: string) => Promise<void>;
  /** One write that tells whether a key was there. */
  readonly bareWrite: (key: string) => Promise<void>;
  /** A claim and a settlement, each in a transaction of its own. */
  readonly oneByOne?: (key: string) => Promise<void>;
  end(): Promise<void>;
}

/** Every store over a real server or file. */
export const openSubjects: readonly (() => Promise<Subject>)[] = [
  openSqlite,
  openIoredis,
  openNodeRedis,
  () => openPostgres({ prepare: false }),
  () => openPostgres({ prepare: true }),
];

const keepMs = 60_000;

/** The work of a receiver on an event that is new. */
function claimAndSettle(store: Store): (key: string) => Promise<void> {
  return async (key) => {
    const claim = await store.claim(key, keepMs, 1);
    if (claim.status !== "new" || !(await store.settle(key, claim.token, keepMs))) throw new Error("It was not new.");
  };
}

async function openSqlite(): Promise<Subject> {
  const folder = mkdtempSync(join(tmpdir(), "hooklatch-bench-"));
  const store = sqliteStore({ path: join(folder, "claims.db") });
  const database = new DatabaseSync(join(folder, "bare.db"));
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  database.exec("CREATE TABLE seen (key TEXT PRIMARY KEY, status INTEGER) STRICT, WITHOUT ROWID");
  const insert = database.prepare("INSERT INTO seen VALUES (?, 0) ON CONFLICT DO NOTHING");
  const update = database.prepare("UPDATE seen SET status = 1 WHERE key = ?");
  return {
    name: "SQLite",
    bareName: "one insert",
    claimAndSettle: claimAndSettle(store),
    bareWrite: async (key) => void insert.run(key),
    async oneByOne(key) {
      const another = `${key}/1`; // the bare write may have had this key
      insert.run(another);
      update.run(another);
    },
    async end() {
      await store.close();
      database.close();
      rmSync(folder, { recursive: true });
    },
  };
}

async function openIoredis(): Promise<Subject> {
  const [client, prefix] = [new Redis(await redisService()), newName()];
  return {
    name: "Redis by ioredis",
    bareName: "SET NX",
    claimAndSettle: claimAndSettle(redisStore({ client, prefix })),
    bareWrite: async (key) => void (await client.set(`${prefix}bare:${key}`, "1", "PX", keepMs, "NX")),
    end: async () => client.disconnect(), // its keys have a minute to live
  };
}

async function openNodeRedis(): Promise<Subject> {
  const client = createClient({ url: await redisService() });
  await client.connect();
  const prefix = newName();
  const expiration = { type: "PX", value: keepMs } as const;
  return {
    name: "Redis by redis",
    bareName: "SET NX",
    claimAndSettle: claimAndSettle(redisStore({ client, prefix })),
    bareWrite: async (key) => void (await client.set(`${prefix}bare:${key}`, "1", { expiration, condition: "NX" })),
    end: async () => client.destroy(),
  };
}

async function openPostgres({ prepare }: { readonly prepare: boolean }): Promise<Subject> {
  const pool = new pg.Pool({ connectionString: await postgresService(), max: 10 });
  const schema = newName();
  const store = postgresStore({ client: pool, schema, prepare });
  await store.migrate();
  await pool.query(`CREATE TABLE ${schema}.seen (key text PRIMARY KEY)`);
  const insert = `INSERT INTO ${schema}.seen VALUES ($1) ON CONFLICT DO NOTHING`;
  return {
    name: `Postgres by pg, 10 connections${prepare ? ", prepared" : ""}`,
    bareName: "INSERT … ON CONFLICT",
    claimAndSettle: claimAndSettle(store),
    bareWrite: async (key) => void (await pool.query(insert, [key])),
    async end() {
      await store.close();
      await pool.query(`DROP SCHEMA ${schema} CASCADE`);
      await pool.end();
    },
  };
}

function newName(): string {
  return `hooklatch_bench_${randomBytes(6).toString("hex")}`;
}
