/** The statements of a store. Its clock is `clock_timestamp()`: `now()` stands still for a whole transaction. */
export interface Statements {
  readonly claim: string;
  readonly renew: string;
  readonly settle: string;
  readonly release: string;
  /** Settles in the transaction that {@link markTransaction} marked, and tells whether it is still open. */
  readonly settleInTransaction: string;
  readonly sweep: string;
}

/** Marks a transaction until it ends, with a number that no other has. */
export function markTransaction(mark: bigint): string {
  return `SET LOCAL hooklatch.transaction = '${mark}'`;
}

/** Writes the statements for one table. */
export function createStatements(table: string): Statements {
  const afterMs = (parameter: string): string => `${parameter}::float8 * interval '1 millisecond'`;
  const change = (status: string, where = ""): string => `
    UPDATE ${table} SET status = '${status}', ends_at = clock_timestamp() + ${afterMs("$3")}
    WHERE key = decode($1, 'hex') AND token::text = $2 AND status = 'running' AND ends_at > clock_timestamp() ${where}
    RETURNING 1 AS changed`;
  const isMarked = "current_setting('hooklatch.transaction', true) = $4";
  // When the statement began, on the one clock reading that all its parts share.
  const began = `excluded.ends_at - ${afterMs("$3")}`;
  const isFree = `known.status = 'released' OR known.ends_at <= ${began}`;
  const take = (column: string, taken = `excluded.${column}`): string =>
    `${column} = CASE WHEN ${isFree} THEN ${taken} ELSE known.${column} END`;

  return {
    // A claim that is not granted writes the row as it was. So one plain statement answers for the row that it has
    // locked, and no two of them can disagree. With a look-up beside it in a CTE, a claim takes half as long again.
    claim: `
    INSERT INTO ${table} AS known (key, token, ends_at, fingerprint, attempt, status)
    VALUES (decode($1, 'hex'), $2::bigint, clock_timestamp() + ${afterMs("$3")}, $4::int, 1, 'running')
    ON CONFLICT (key) DO UPDATE SET ${[
      take("token"),
      take("ends_at"),
      take("fingerprint"),
      take("status"),
      take(
        "attempt",
        `CASE WHEN known.status <> 'running' AND known.ends_at <= ${began} THEN 1 ELSE known.attempt + 1 END`,
      ),
    ].join(", ")}
    RETURNING token = $2::bigint AS taken, attempt, status, fingerprint,
      (extract(epoch FROM ends_at - clock_timestamp()) * 1000)::float8 AS rest`,
    renew: change("running"),
    settle: change("settled"),
    release: change("released"),
    settleInTransaction: `
    WITH settled AS (${change("settled", `AND ${isMarked}`)})
    SELECT EXISTS (SELECT FROM settled) AS settled, ${isMarked} AS marked`,
    sweep: `
    WITH gone AS (
      DELETE FROM ${table}
      WHERE ctid >= format('(%s,0)', $1::int)::tid AND ctid < format('(%s,0)', $1::int + $2::int)::tid
        AND ends_at <= clock_timestamp() - CASE status WHEN 'running' THEN ${afterMs("$3")} ELSE interval '0' END
      RETURNING 1
    )
    SELECT (SELECT count(*) FROM gone)::int AS gone,
      (pg_relation_size('${table}') / current_setting('block_size')::int)::int AS pages`,
  };
}
