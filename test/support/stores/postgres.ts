import { randomBytes } from "node:crypto";

import { PGlite } from "@electric-sql/pglite";
import type { StorePlace } from "@hooklatch/conformance/store";
import type { Store } from "@hooklatch/core";
import { postgresStore } from "@hooklatch/stores/postgres";
import type { PostgresClient } from "@hooklatch/stores/postgres";
import pg from "pg";
import postgres from "postgres";

import { openDetour } from "../services/outage.ts";
import { postgresService } from "../services/postgres.ts";

/** A client of the app's own, and how the app ends it. */
interface AppClient {
  readonly client: PostgresClient;
  end(): Promise<void>;
}

/** Both clients that a server is reached with, as docs/stores/postgres.md sets them up. */
const clients: Readonly<Record<string, (url: string) => AppClient>> = {
  pg(url) {
    const client = new pg.Pool({ connectionString: url, max: 3, connectionTimeoutMillis: 10_000 });
    client.on("error", () => {});
    return { client, end: () => client.end() };
  },
  postgres(url) {
    const client = postgres(url, { max: 3, connect_timeout: 10, backoff: () => 0.1 });
    return { client, end: () => client.end({ timeout: 1 }) };
  },
};

/** A schema of its own, through one of the clients. */
export async function postgresPlace(name: "pg" | "postgres", { prepare = false } = {}): Promise<StorePlace> {
  const service = await postgresService();
  const detour = await openDetour(service);
  const schema = newSchema();
  const admin = new pg.Pool({ connectionString: service, max: 1 });
  await postgresStore({ client: admin, schema }).migrate();
  const argument = (url: string): string => JSON.stringify({ name, url, schema, prepare });
  return {
    open: () => open(argument(detour.url)),
    elsewhere: { module: new URL(import.meta.url), argument: argument(service) },
    outage: detour,
    async remove() {
      await detour.close();
      await admin.query(`DROP SCHEMA ${schema} CASCADE`);
      await admin.end();
    },
  };
}

interface Written {
  readonly name: string;
  readonly url: string;
  readonly schema: string;
  readonly prepare: boolean;
}

/** Opens the store in any process, with a client that ends with it. */
export async function open(argument: string): Promise<Store> {
  // What postgresPlace writes.
  const { name, url, schema, prepare } = JSON.parse(argument) as Written;
  const app = clients[name]?.(url);
  if (app === undefined) throw new Error(`There is no client ${name}.`);
  const store = postgresStore({ client: app.client, schema, prepare });
  let ending: Promise<void> | undefined;
  return {
    ...store,
    async close() {
      await store.close();
      await (ending ??= app.end());
    },
  };
}

let pglite: PGlite | undefined;
let last: Promise<void> = Promise.resolve();

/**
 * A schema in the PGlite of this process, which takes seconds to start. One place at a time: its queries run in this very
 * thread, and those of one case would use up the leases of another.
 */
export async function pglitePlace(): Promise<StorePlace> {
  const before = last;
  const done = Promise.withResolvers<void>();
  last = done.promise;
  await before;
  const client = (pglite ??= new PGlite());
  const schema = newSchema();
  await postgresStore({ client, schema }).migrate();
  return {
    open: async () => postgresStore({ client, schema }),
    async remove() {
      await client.exec(`DROP SCHEMA ${schema} CASCADE`);
      done.resolve();
    },
  };
}

function newSchema(): string {
  return `hooklatch_test_${randomBytes(6).toString("hex")}`;
}
