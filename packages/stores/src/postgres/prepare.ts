import { createHash } from "node:crypto";

import { ConfigError } from "@hooklatch/core/errors";

import type { PostgresClient, PostgresJsQueries, Query, QueryResult, Row } from "./postgres-client.ts";

/** A pool of `pg`, which prepares a statement that has a name, once for each connection. */
interface PgPreparing {
  query(statement: { name: string; text: string; values: (string | number)[] }): PromiseLike<QueryResult>;
}

/**
 * Runs statements that the server keeps for each connection, read and checked. They are planned again only where Postgres
 * thinks so: https://www.postgresql.org/docs/current/sql-prepare.html
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID` for a client that cannot
 */
export function toPreparedQuery(client: PostgresClient): Query {
  const toRows = (rows: readonly unknown[]): readonly Row[] => rows as readonly Row[]; // our statements name their columns
  if (isPostgresJs(client)) {
    return async (text, values) => toRows(await client.unsafe(text, values, { prepare: true }));
  }
  if (!isPgPreparing(client)) {
    throw new ConfigError("ERR_OPTION_INVALID", "postgresStore: prepare needs a Pool of pg, or sql of postgres.");
  }
  const names = new Map<string, string>();
  const nameOf = (text: string): string => {
    const name = names.get(text) ?? toName(text);
    names.set(text, name);
    return name;
  };
  return async (text, values = []) => toRows((await client.query({ name: nameOf(text), text, values })).rows);
}

/** By its content: behind a pooler, apps of different versions may share connections. */
function toName(text: string): string {
  return `hooklatch_${createHash("sha256").update(text).digest("hex").slice(0, 32)}`;
}

function isPostgresJs(client: PostgresClient): client is PostgresJsQueries {
  return "unsafe" in client;
}

function isPgPreparing(client: object): client is PgPreparing {
  return "query" in client && "connect" in client;
}
