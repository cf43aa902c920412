import type { DatabaseSync, StatementSync } from "node:sqlite";

/** What a row says. */
export const status = { running: 0, settled: 1, released: 2 } as const;

/** The store's statements. Times are in milliseconds since the epoch. */
interface Statements {
  /** The time by SQLite's clock, which is the machine's. */
  readonly now: StatementSync;
  /** Takes a key that is free, or changes nothing. */
  readonly take: StatementSync;
  readonly look: StatementSync;
  /** Changes a claim that is still held with this token. */
  readonly change: StatementSync;
  /** Deletes some of the rows that nobody needs any more, the oldest first. */
  readonly forget: StatementSync;
}

/** Prepares them. */
export function prepareStatements(database: DatabaseSync): Statements {
  return {
    now: database.prepare("SELECT CAST(round(unixepoch('subsec') * 1000) AS INTEGER) AS ms"),
    take: database.prepare(`
      INSERT INTO hooklatch_claims (key, status, token, attempt, ends_at, fingerprint)
      VALUES (:key, ${status.running}, :token, 1, :endsAtMs, :fingerprint)
      ON CONFLICT (key) DO UPDATE SET
        status = excluded.status, token = excluded.token, ends_at = excluded.ends_at, fingerprint = excluded.fingerprint,
        attempt = CASE WHEN status <> ${status.running} AND ends_at <= :nowMs THEN 1 ELSE attempt + 1 END
      WHERE status = ${status.released} OR ends_at <= :nowMs
      RETURNING attempt
    `),
    look: database.prepare("SELECT status, fingerprint, ends_at FROM hooklatch_claims WHERE key = ?"),
    change: database.prepare(`
      UPDATE hooklatch_claims SET status = :to, ends_at = :endsAtMs
      WHERE key = :key AND token = :token AND status = ${status.running} AND ends_at > :nowMs
    `),
    forget: database.prepare(`
      DELETE FROM hooklatch_claims WHERE key IN (
        SELECT key FROM hooklatch_claims WHERE forget_at <= :nowMs ORDER BY forget_at LIMIT :rows
      )
    `),
  };
}
