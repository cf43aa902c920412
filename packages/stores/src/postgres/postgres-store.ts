import { createHash, randomBytes } from "node:crypto";

import type { Claim, Store } from "@hooklatch/core";
import { ConfigError } from "@hooklatch/core/errors";

import { attemptsKeptMs } from "../attempts-kept.ts";
import { postgresMigration, toTableName } from "./migration.ts";
import type { PostgresTable } from "./migration.ts";
import { assertPostgresClient, toQuery } from "./postgres-client.ts";
import type { PostgresClient, PostgresTransactionClient, Query, Row, TransactionOf } from "./postgres-client.ts";
import { toPreparedQuery } from "./prepare.ts";
import { createStatements } from "./statements.ts";
import type { Statements } from "./statements.ts";
import { createSweep } from "./sweep.ts";
import { createTransact } from "./transact.ts";

/** How a Postgres store is made. */
export interface PostgresStoreOptions<Client extends PostgresClient = PostgresClient> extends PostgresTable {
  /** The caller's own `Pool` of `pg`, PGlite, or `sql` of `postgres`. The store does not close it. */
  readonly client: Client;
  /**
   * Whether the server keeps the statements, prepared, for each connection: about twice as many events a second. Not
   * behind a pooler in transaction mode that cannot keep them. Not with PGlite. Default: false.
   */
  readonly prepare?: boolean;
}

/** A store in a table of Postgres. */
export interface PostgresStore<Transaction = undefined> extends Store<Transaction> {
  /** Makes the table if it is not there. May be called at every start, and by many processes at once. */
  migrate(): Promise<void>;
}

/** Makes stores in Postgres. */
export interface PostgresStoreFactory {
  /**
   * Remembers events in a table of the caller's Postgres. Call `migrate()` before the first delivery.
   *
   * @throws {ConfigError} `ERR_OPTION_INVALID`
   */
  (options: PostgresStoreOptions): PostgresStore;
  /**
   * The same, and handlers write in the transaction that remembers the event: both are committed, or neither is.
   * `context.transaction` is what they MUST write with.
   *
   * @throws {ConfigError} `ERR_OPTION_INVALID`
   */
  transactional<Client extends PostgresTransactionClient>(
    options: PostgresStoreOptions<Client>,
  ): PostgresStore<TransactionOf<Client>>;
}

/** Makes stores in Postgres: `postgresStore({ client })`, or `postgresStore.transactional({ client })`. */
export const postgresStore: PostgresStoreFactory = Object.assign(
  (options: PostgresStoreOptions): PostgresStore => openStore(options).store,
  {
    transactional<Client extends PostgresTransactionClient>(
      options: PostgresStoreOptions<Client>,
    ): PostgresStore<TransactionOf<Client>> {
      const { store, statements } = openStore(options);
      assertPostgresClient(options.client, ["connect", "transaction", "begin"]);
      const transact = createTransact(options.client, statements, toKeyHash);
      return {
        ...store,
        // A renewal that met the end of the transaction found the claim settled, not lost.
        renew: async (key, token, leaseMs) => (await store.renew(key, token, leaseMs)) || transact.isEnding(token),
        transact: transact.run,
      };
    },
  },
);

function openStore(options: PostgresStoreOptions): { readonly store: PostgresStore; readonly statements: Statements } {
  assertPostgresClient(options.client, ["query", "unsafe"]);
  const table = toTableName(options);
  const statements = createStatements(table);
  const queryOnce = explainMissingTable(toQuery(options.client), table);
  const query = isPreparing(options) ? explainMissingTable(toPreparedQuery(options.client), table) : queryOnce;
  const sweep = createSweep((page, pages) => queryOnce(statements.sweep, [page, pages, attemptsKeptMs]));

  const change = async (statement: string, key: string, token: string, forMs: number): Promise<boolean> =>
    (await query(statement, [toKeyHash(key), token, forMs])).length === 1;

  const store: PostgresStore = {
    async migrate() {
      await queryOnce(postgresMigration(options));
    },
    async claim(key, leaseMs, fingerprint) {
      const token = randomBytes(8).readBigInt64BE().toString();
      const [row] = await query(statements.claim, [toKeyHash(key), token, leaseMs, fingerprint]);
      const claim = toClaim(row, token, fingerprint);
      if (claim.status === "new") sweep.count();
      return claim;
    },
    renew: (key, token, leaseMs) => change(statements.renew, key, token, leaseMs),
    settle: (key, token, keepMs) => change(statements.settle, key, token, keepMs),
    async release(key, token) {
      await change(statements.release, key, token, attemptsKeptMs);
    },
    close: () => sweep.stop(),
  };
  return { store, statements };
}

function isPreparing({ prepare = false }: PostgresStoreOptions): boolean {
  if (typeof prepare === "boolean") return prepare;
  throw new ConfigError("ERR_OPTION_INVALID", "postgresStore: prepare must be true or false.");
}

/** A key of any length and of any characters, NUL and halves of surrogate pairs included, as 32 bytes in hex. */
function toKeyHash(key: string): string {
  return createHash("sha256").update(key, "utf16le").digest("hex");
}

function toClaim(row: Row | undefined, token: string, fingerprint: number): Claim {
  if (row?.taken === true) return { status: "new", token, attempt: Number(row.attempt) };
  const conflict = row?.fingerprint !== fingerprint;
  if (row?.status === "settled") return { status: "duplicate", conflict };
  if (row?.status === "running") return { status: "busy", conflict, retryAfterMs: Math.max(1, Number(row.rest)) };
  throw new TypeError("Postgres answered a claim with a row that is none of the store's.");
}

function explainMissingTable(query: Query, table: string): Query {
  return async (text, values) => {
    try {
      return await query(text, values);
    } catch (cause) {
      if (!isMissingTable(cause)) throw cause;
      throw new Error(`There is no table ${table}. Call migrate() before the first delivery.`, { cause });
    }
  };
}

function isMissingTable(cause: unknown): boolean {
  return typeof cause === "object" && cause !== null && "code" in cause && cause.code === "42P01";
}
