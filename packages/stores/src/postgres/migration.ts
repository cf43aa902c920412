import { ConfigError } from "@hooklatch/core/errors";

/** The table that a store uses. */
export interface PostgresTable {
  /** Default: the first schema of the connection's `search_path`. */
  readonly schema?: string;
  /** Default: `hooklatch_claims`. */
  readonly table?: string;
}

/**
 * The SQL that makes the table of a store, for those who run their migrations themselves. It is one statement, may run
 * again, and may run many times at once.
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID`
 */
export function postgresMigration(options: PostgresTable = {}): string {
  const table = toTableName(options);
  const { schema } = options;
  // Asked before anything is made: IF NOT EXISTS needs the right to make it, even where it is there.
  const makeSchema = `
  IF to_regnamespace('"${schema}"') IS NULL THEN
    CREATE SCHEMA "${schema}";
  END IF;`;
  return `DO $hooklatch$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('hooklatch migration'));${schema === undefined ? "" : makeSchema}
  IF to_regclass('${table}') IS NULL THEN
    CREATE TABLE ${table} (
      token bigint NOT NULL,
      ends_at timestamptz NOT NULL,
      attempt integer NOT NULL,
      fingerprint integer NOT NULL,
      key bytea PRIMARY KEY,
      status text NOT NULL
    ) WITH (fillfactor = 90);
  END IF;
END
$hooklatch$;
`;
}

/**
 * The table's name for a statement.
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID`
 */
export function toTableName({ schema, table = "hooklatch_claims" }: PostgresTable): string {
  assertName("table", table);
  if (schema === undefined) return `"${table}"`;
  assertName("schema", schema);
  return `"${schema}"."${table}"`;
}

/** Postgres would cut a name of 64 bytes, and its quotes must not end. */
function assertName(option: string, name: string): void {
  if (/^[\w-]{1,50}$/.test(name)) return;
  throw new ConfigError("ERR_OPTION_INVALID", `postgresStore: ${option} must be 1 to 50 letters, digits, _ or -.`);
}
