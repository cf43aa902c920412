import { createReceiver } from "@hooklatch/core";
import type { Result } from "@hooklatch/core";
import { createMockSender } from "@hooklatch/mock-sender";
import { chipMock } from "@hooklatch/mock-sender/chip";
import { postgresMigration, postgresStore } from "@hooklatch/stores/postgres";
import pg from "pg";
import postgres from "postgres";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { newSchema } from "../support/order-tables.ts";
import { openDetour } from "../support/services/outage.ts";
import { skipWithoutService } from "../support/services/find-service.ts";
import { postgresService } from "../support/services/postgres.ts";
import { failOnUnhandled } from "../support/unhandled.ts";

failOnUnhandled();

beforeEach((context) => skipWithoutService(context, postgresService()));

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of closers.splice(0).toReversed()) await end();
});

async function openPool(options: pg.PoolConfig = {}): Promise<pg.Pool> {
  const pool = new pg.Pool({ connectionString: await postgresService(), max: 3, ...options });
  pool.on("error", () => {});
  closers.push(() => pool.end());
  return pool;
}

/** A pool of the test's own, and a schema that goes with it. */
async function openSchema() {
  const admin = await openPool();
  const schema = newSchema();
  closers.push(async () => void (await admin.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`)));
  return { admin, schema };
}

/** A receiver on a store, and one event of CHIP's for it. */
async function openReceiver(store: ReturnType<typeof postgresStore>) {
  const sender = createMockSender(chipMock());
  let last: Result | undefined;
  const receiver = createReceiver({ provider: sender.provider, store, storeTimeoutMs: 500, onOutcome: () => {} });
  const target = {
    async receive(incoming: Parameters<typeof receiver.receive>[0]) {
      last = await receiver.receive(incoming);
      return last;
    },
  };
  closers.push(() => receiver.close());
  const request = await sender.build("purchase.paid");
  return {
    receiver,
    deliver: async (): Promise<string> => {
      await sender.deliver(target, request);
      return [last?.outcome, last?.reply.status, last?.error?.code].filter((part) => part !== undefined).join(" ");
    },
    lastError: () => last?.error,
  };
}

describe("migrate()", () => {
  test("may run ten times at once, over connections of their own, and again", async () => {
    const { schema } = await openSchema();
    const stores = await Promise.all(
      Array.from({ length: 10 }, async () => postgresStore({ client: await openPool({ max: 1 }), schema })),
    );
    await Promise.all(stores.map((store) => store.migrate()));
    const [store] = stores;
    expect(await store?.claim("a", 60_000, 1)).toMatchObject({ status: "new" });
    await Promise.all(stores.map((other) => other.migrate()));
    expect(await store?.claim("a", 60_000, 1)).toMatchObject({ status: "busy" });
  });

  test("makes the same table as the SQL that is given out, in the schema of the connection where none is named", async () => {
    const { admin, schema } = await openSchema();
    await admin.query(`CREATE SCHEMA ${schema}`);
    const pool = await openPool({ options: `-c search_path=${schema}` });
    await pool.query(postgresMigration());
    await pool.query(postgresMigration());
    const store = postgresStore({ client: pool });
    expect(await store.claim("a", 60_000, 1)).toMatchObject({ status: "new", attempt: 1 });
    const { rows } = await admin.query(`SELECT to_regclass('${schema}.hooklatch_claims') IS NOT NULL AS there`);
    expect(rows).toEqual([{ there: true }]);
  });

  test("is what the error of a delivery before it names", async () => {
    const { admin, schema } = await openSchema();
    const { receiver, deliver, lastError } = await openReceiver(postgresStore({ client: admin, schema }));
    receiver.on("*", () => {});
    expect(await deliver()).toBe("unavailable 503 ERR_STORE_UNAVAILABLE");
    expect(lastError()?.cause).toMatchObject({ message: expect.stringContaining("Call migrate()") });
  });
});

test("what has expired is removed a few pages at a time, and nothing else", async () => {
  const { admin, schema } = await openSchema();
  const store = postgresStore({ client: admin, schema });
  await store.migrate();
  const rows = (count: number, status: string, endsIn: string) =>
    admin.query(`INSERT INTO ${schema}.hooklatch_claims (token, ends_at, attempt, fingerprint, key, status)
      SELECT 0, now() + interval '${endsIn}', 1, 0, sha256(('${status}${endsIn}' || n)::bytea), '${status}'
      FROM generate_series(1, ${count}) AS n`);
  await rows(3_000, "settled", "-1 second");
  await rows(50, "settled", "1 day");
  await rows(50, "released", "-1 second");
  await rows(50, "running", "-1 second"); // the process died: its attempt is counted for a week
  await rows(50, "running", "-8 days");
  const count = async () => {
    const { rows: counts } = await admin.query<{ status: string; gone: boolean; count: number }>(
      `SELECT status, ends_at <= now() AS gone, count(*)::int FROM ${schema}.hooklatch_claims
       WHERE fingerprint = 0 GROUP BY 1, 2 ORDER BY 1, 2`,
    );
    return counts.map((row) => `${row.status} ${row.gone ? "ended" : "lasting"} ${row.count}`);
  };
  const claimMore = async (target: typeof store): Promise<void> => {
    for (let n = 0; n < 64; n++) await target.claim(crypto.randomUUID(), 60_000, 1);
  };
  await claimMore(store);
  await store.close(); // waits for the sweep
  const left = Number(/settled ended (\d+)/.exec((await count()).join())?.[1]);
  expect(left).toBeGreaterThan(2_000);
  expect(left).toBeLessThan(3_000);

  const other = postgresStore({ client: admin, schema });
  for (let round = 0; round < 30 && (await count()).length > 2; round++) await claimMore(other);
  await other.close();
  expect(await count()).toEqual(["running ended 50", "settled lasting 50"]);
});

test("a pool without a free connection is a 503 in bounded time, and no event is lost", async () => {
  const { admin, schema } = await openSchema();
  await postgresStore({ client: admin, schema }).migrate();
  const pool = await openPool({ max: 1 });
  const { receiver, deliver } = await openReceiver(postgresStore({ client: pool, schema }));
  receiver.on("*", () => {});
  const taken = await pool.connect();
  const startedAtMs = performance.now();
  expect(await deliver()).toBe("unavailable 503 ERR_STORE_UNAVAILABLE");
  expect(performance.now() - startedAtMs).toBeLessThan(5_000);
  taken.release();
  // The late claim is granted and given back.
  await expect.poll(deliver).toBe("handled 200");
  expect(await deliver()).toBe("duplicate 200");
});

test("a server that grants no more connections is a 503 that names it, and no event is lost", async () => {
  const { admin, schema } = await openSchema();
  await postgresStore({ client: admin, schema }).migrate();
  const role = newSchema();
  await admin.query(`CREATE ROLE ${role} LOGIN CONNECTION LIMIT 1`);
  closers.push(async () => void (await admin.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`)));
  await admin.query(`GRANT USAGE ON SCHEMA ${schema} TO ${role}; GRANT ALL ON ${schema}.hooklatch_claims TO ${role}`);
  const url = new URL(await postgresService());
  url.username = role;
  const other = await openPool({ connectionString: url.href, max: 1, idleTimeoutMillis: 0 });
  await other.query("SELECT 1");
  const pool = await openPool({ connectionString: url.href });
  const { receiver, deliver, lastError } = await openReceiver(postgresStore({ client: pool, schema }));
  receiver.on("*", () => {});
  expect(await deliver()).toBe("unavailable 503 ERR_STORE_UNAVAILABLE");
  expect(lastError()?.cause).toMatchObject({ message: expect.stringContaining("too many connections") });
  (await other.connect()).release(true);
  await expect.poll(deliver).toBe("handled 200");
  expect(await deliver()).toBe("duplicate 200");
});

test("a connection that the server ends in the middle of a claim is a 503, and the next claim works", async () => {
  const { admin, schema } = await openSchema();
  const pool = await openPool();
  const store = postgresStore({ client: pool, schema });
  await store.migrate();
  const { receiver, deliver } = await openReceiver(store);
  let runs = 0;
  receiver.on("*", () => {
    if (++runs === 1) throw new Error("no stock");
  });
  expect(await deliver()).toBe("failed 500 ERR_HANDLER_FAILED");
  const lock = await admin.connect();
  await lock.query(`BEGIN; LOCK TABLE ${schema}.hooklatch_claims`);
  const delivering = deliver();
  await expect
    .poll(async () => {
      const { rowCount } = await admin.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE wait_event_type = 'Lock' AND query LIKE '%INSERT INTO "${schema}"%'`,
      );
      return rowCount;
    })
    .toBe(1);
  expect(await delivering).toBe("unavailable 503 ERR_STORE_UNAVAILABLE");
  await lock.query("ROLLBACK");
  lock.release();
  expect(await deliver()).toBe("handled 200");
  expect(runs).toBe(2);
});

test("a server that vanished is given up by a pool with a query_timeout, and the next one found", async () => {
  const { admin, schema } = await openSchema();
  await postgresStore({ client: admin, schema }).migrate();
  const detour = await openDetour(await postgresService());
  closers.push(() => detour.close());
  const pool = await openPool({ connectionString: detour.url, query_timeout: 500, connectionTimeoutMillis: 500 });
  await Promise.all([1, 2, 3].map(() => pool.query("SELECT pg_sleep(0.1)"))); // all its connections are open
  const { receiver, deliver } = await openReceiver(postgresStore({ client: pool, schema }));
  receiver.on("*", () => {});
  detour.strand();
  for (const _ of [1, 2, 3]) expect(await deliver()).toBe("unavailable 503 ERR_STORE_UNAVAILABLE");
  await expect.poll(deliver, { timeout: 5_000 }).toBe("handled 200");
});

test("the store's end is not the pool's", async () => {
  const { admin, schema } = await openSchema();
  const store = postgresStore({ client: admin, schema });
  await store.migrate();
  await store.close();
  await expect(admin.query("SELECT 1 AS one")).resolves.toMatchObject({ rows: [{ one: 1 }] });
});

test("nothing outlives a statement in the session, as a pooler like pgbouncer needs it", async () => {
  const { schema } = await openSchema();
  const pool = await openPool({ max: 1 });
  const store = postgresStore.transactional({ client: pool, schema });
  await store.migrate();
  const claim = await store.claim("a", 60_000, 1);
  if (claim.status !== "new") throw new Error("The key was not free.");
  const running = { key: "a", token: claim.token, keepMs: 60_000 };
  expect(await store.transact?.(running, async () => {}, new AbortController().signal)).toBe(true);
  const { rows } = await pool.query(`SELECT
    (SELECT count(*)::int FROM pg_prepared_statements) AS statements,
    (SELECT count(*)::int FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()) AS locks,
    current_setting('hooklatch.transaction', true) AS mark`);
  expect(rows).toEqual([{ statements: 0, locks: 0, mark: "" }]);
});

describe("with prepare", () => {
  const prepared = "SELECT count(*)::int AS count FROM pg_prepared_statements";

  test.each([
    { prepare: true, atMost: 4, atLeast: 3 },
    { prepare: false, atMost: 0, atLeast: 0 },
  ])("$prepare, a connection of pg keeps $atLeast statements or more", async ({ prepare, atMost, atLeast }) => {
    const { schema } = await openSchema();
    const pool = await openPool({ max: 1 });
    const store = postgresStore({ client: pool, schema, prepare });
    await store.migrate();
    await useOften(store);
    const { rows } = await pool.query<{ count: number }>(prepared);
    expect(rows[0]?.count).toBeGreaterThanOrEqual(atLeast);
    expect(rows[0]?.count).toBeLessThanOrEqual(atMost);
  });

  test("true, a connection of postgres keeps them, too", async () => {
    const { schema } = await openSchema();
    const sql = postgres(await postgresService(), { max: 1, onnotice: () => {} });
    closers.push(() => sql.end());
    const store = postgresStore({ client: sql, schema, prepare: true });
    await store.migrate();
    await useOften(store);
    const [row] = await sql.unsafe<{ count: number }[]>(prepared);
    expect(row?.count).toBeGreaterThanOrEqual(3);
  });

  /** Claims, renews, settles and releases, more often than the 5 times after which Postgres may keep a plan. */
  async function useOften(store: ReturnType<typeof postgresStore>): Promise<void> {
    for (let index = 0; index < 8; index++) {
      const claim = await store.claim(`event ${index}`, 60_000, index);
      if (claim.status !== "new") throw new Error("It was not new.");
      expect(await store.renew(`event ${index}`, claim.token, 60_000)).toBe(true);
      if (index % 2 === 0) await store.release(`event ${index}`, claim.token);
      else expect(await store.settle(`event ${index}`, claim.token, 60_000)).toBe(true);
      expect((await store.claim(`event ${index}`, 60_000, index)).status).toBe(index % 2 === 0 ? "new" : "duplicate");
    }
  }
});
