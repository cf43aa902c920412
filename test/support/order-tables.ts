import { randomBytes } from "node:crypto";

import { PGlite } from "@electric-sql/pglite";
import type { Store } from "@hooklatch/core";
import { postgresStore } from "@hooklatch/stores/postgres";
import pg from "pg";
import postgres from "postgres";

import { postgresService } from "./services/postgres.ts";

/** An app's own table of orders beside the table of claims, as one client sees both. */
export interface OrderTables {
  readonly store: Store<unknown>;
  /** Runs a statement in a handler's transaction. */
  readonly write: (transaction: unknown, sql: string) => Promise<unknown>;
  /** The orders that are there for all to see. */
  readonly orders: () => Promise<readonly string[]>;
  /** Runs a statement outside of every transaction of the store. Left out where there is one connection. */
  readonly beside?: (sql: string) => Promise<void>;
  end(): Promise<void>;
}

/** What the tables stand in, and how the client comes to the server. */
export interface Where {
  /** Default: the tests' Postgres itself. */
  readonly url?: string;
  readonly schema: string;
}

/** A schema's name that no other test has. */
export function newSchema(): string {
  return `hooklatch_test_${randomBytes(6).toString("hex")}`;
}

const ordersOf = (schema: string): string => `
  CREATE TABLE ${schema}.orders (id text PRIMARY KEY);
  CREATE TABLE ${schema}.parts (order_id text REFERENCES ${schema}.orders DEFERRABLE INITIALLY DEFERRED)`;

let pglite: PGlite | undefined;

/** The clients that a store with transactions takes. */
export const orderTables: Readonly<Record<string, (where: Where) => Promise<OrderTables>>> = {
  async pg(where) {
    const pool = new pg.Pool({ connectionString: where.url ?? (await postgresService()), max: 3 });
    pool.on("error", () => {});
    const store = postgresStore.transactional({ client: pool, schema: where.schema });
    return withServer(where, {
      store,
      // What the store hands to handlers.
      write: (transaction, sql) => (transaction as pg.PoolClient).query(sql),
      end: () => pool.end(),
    });
  },
  async postgres(where) {
    const sql = postgres(where.url ?? (await postgresService()), { max: 3, backoff: () => 0.05, onnotice: () => {} });
    const store = postgresStore.transactional({ client: sql, schema: where.schema });
    return withServer(where, {
      store,
      // What the store hands to handlers.
      write: async (transaction, text) => (transaction as postgres.TransactionSql).unsafe(text),
      end: () => sql.end({ timeout: 1 }),
    });
  },
  async PGlite({ schema }) {
    const database = (pglite ??= new PGlite()); // it takes seconds to start
    const store = postgresStore.transactional({ client: database, schema });
    await store.migrate();
    await database.exec(ordersOf(schema));
    return {
      store,
      // What the store hands to handlers.
      write: (transaction, sql) => (transaction as { exec(text: string): Promise<unknown> }).exec(sql),
      orders: async () => {
        const { rows } = await database.query<{ id: string }>(`SELECT id FROM ${schema}.orders ORDER BY id`);
        return rows.map(({ id }) => id);
      },
      end: async () => void (await database.exec(`DROP SCHEMA ${schema} CASCADE`)),
    };
  },
};

/** Looks at the tables, and makes and removes them, by a way of its own. */
async function withServer(
  { schema }: Where,
  client: Pick<OrderTables, "store" | "write" | "end">,
): Promise<OrderTables> {
  const admin = new pg.Pool({ connectionString: await postgresService(), max: 2 });
  await postgresStore({ client: admin, schema }).migrate();
  await admin.query(ordersOf(schema));
  return {
    ...client,
    async orders() {
      const { rows } = await admin.query<{ id: string }>(`SELECT id FROM ${schema}.orders ORDER BY id`);
      return rows.map(({ id }) => id);
    },
    async beside(sql) {
      await admin.query(sql);
    },
    async end() {
      await client.end();
      await admin.query(`DROP SCHEMA ${schema} CASCADE`);
      await admin.end();
    },
  };
}
