import { ConfigError } from "@hooklatch/core/errors";

/** The rows of a statement, as `pg` and PGlite answer it. */
export interface QueryResult {
  readonly rows: readonly unknown[];
  /** What the server calls the statement: a `COMMIT` of a failed transaction answers `ROLLBACK`. */
  readonly command?: string | undefined;
}

/** What runs statements: a connection of `pg`, its pool, PGlite, or a transaction of that. */
export interface PgQueries {
  query(text: string, values?: (string | number)[]): PromiseLike<QueryResult>;
}

/** What queries of `postgres` are made with: its `sql`, or the one of a transaction. */
export interface PostgresJsQueries {
  unsafe(text: string, values?: (string | number)[], options?: { prepare: boolean }): PromiseLike<readonly unknown[]>;
}

/** What a store asks of the caller's client: a `Pool` of `pg`, PGlite, or the `sql` of `postgres`. */
export type PostgresClient = PgQueries | PostgresJsQueries;

/** A connection that a pool of `pg` has lent. */
export interface PgConnection extends PgQueries {
  release(destroy?: boolean): void;
  on(event: "error", listener: (error: Error) => void): unknown;
  off(event: "error", listener: (error: Error) => void): unknown;
}

/** A `Pool` of `pg`. */
export interface PgPool extends PgQueries {
  connect(): Promise<PgConnection>;
}

/** A transaction of PGlite. */
export interface PgliteTransaction extends PgQueries {
  readonly closed: boolean;
}

/** PGlite. */
export interface PgliteDatabase extends PgQueries {
  transaction<Value>(work: (transaction: PgliteTransaction) => Promise<Value>): Promise<Value>;
}

/** The `sql` of `postgres`. */
export interface PostgresJs extends PostgresJsQueries {
  begin(work: (transaction: PostgresJsQueries) => Promise<void>): PromiseLike<unknown>;
}

/** What a store with transactions asks of the caller's client. */
export type PostgresTransactionClient = PgPool | PgliteDatabase | PostgresJs;

/**
 * What handlers write with: the `PoolClient` of a pool of `pg`, the `Transaction` of PGlite, the `TransactionSql` of
 * `postgres`. The pairs of signatures are the overloads of those clients: inferring from one would see only the last.
 */
export type TransactionOf<Client> = Client extends {
  begin: {
    (work: (transaction: infer Transaction) => never): unknown;
    (options: string, work: (transaction: infer _Same) => never): unknown;
  };
}
  ? Transaction
  : Client extends { transaction(work: (transaction: infer Transaction) => Promise<never>): unknown }
    ? Transaction
    : Client extends { connect: { (): Promise<infer Transaction>; (callback: never): unknown } }
      ? Transaction
      : Client extends { connect(): Promise<infer Transaction> }
        ? Transaction
        : never;

/** Runs one statement. */
export type Query = (text: string, values?: (string | number)[]) => Promise<readonly Row[]>;

/** A row of one of our own statements. */
export type Row = Readonly<Record<string, unknown>>;

/** Runs statements by any of the clients. */
export function toQuery(client: PostgresClient): Query {
  const rowsOf = async (text: string, values?: (string | number)[]): Promise<readonly unknown[]> =>
    "query" in client ? (await client.query(text, values)).rows : client.unsafe(text, values);
  // Every statement of ours answers with named columns.
  return async (text, values) => (await rowsOf(text, values)) as readonly Row[];
}

/**
 * Refuses what has none of the methods: a JavaScript app would learn of it from its first delivery.
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID`
 */
export function assertPostgresClient(client: unknown, methods: readonly string[]): void {
  const isObject = (typeof client === "object" && client !== null) || typeof client === "function";
  if (isObject && methods.some((name) => typeof Reflect.get(client, name) === "function")) return;
  throw new ConfigError(
    "ERR_OPTION_INVALID",
    "postgresStore: client must be a Pool of pg, PGlite, or sql of postgres.",
  );
}
