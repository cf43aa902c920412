export { postgresMigration } from "./migration.ts";
export type { PostgresTable } from "./migration.ts";
export { postgresStore } from "./postgres-store.ts";
export type { PostgresStore, PostgresStoreFactory, PostgresStoreOptions } from "./postgres-store.ts";
export type {
  PgConnection,
  PgPool,
  PgQueries,
  PgliteDatabase,
  PgliteTransaction,
  PostgresClient,
  PostgresJs,
  PostgresJsQueries,
  PostgresTransactionClient,
  QueryResult,
  TransactionOf,
} from "./postgres-client.ts";
