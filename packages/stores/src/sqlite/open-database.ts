import { DatabaseSync } from "node:sqlite";

import { ConfigError } from "@hooklatch/core/errors";

import { attemptsKeptMs } from "../attempts-kept.ts";
import { status } from "./statements.ts";

/** How long the set-up waits for other processes that write or set up as well. */
const setUpTimeoutMs = 5_000;

/**
 * Opens the file and makes what is not there yet. Several processes may do this at once.
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID`
 */
export function openDatabase(path: string, survives: "power loss" | "crash"): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path);
    // By PRAGMA: the option `timeout` came with Node 22.16.
    database.exec(`PRAGMA busy_timeout = ${setUpTimeoutMs}`);
    useWal(database);
    // A row is kept for attemptsKeptMs after a lease that nobody ended: the attempts of processes that died count.
    database.exec(`
      PRAGMA synchronous = ${survives === "power loss" ? "FULL" : "NORMAL"};
      CREATE TABLE IF NOT EXISTS hooklatch_claims (
        key TEXT PRIMARY KEY,
        status INTEGER NOT NULL,
        token TEXT NOT NULL,
        attempt INTEGER NOT NULL,
        ends_at INTEGER NOT NULL,
        fingerprint INTEGER NOT NULL,
        forget_at INTEGER AS (ends_at + CASE status WHEN ${status.running} THEN ${attemptsKeptMs} ELSE 0 END)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX IF NOT EXISTS hooklatch_claims_by_forget_at ON hooklatch_claims (forget_at);
      PRAGMA busy_timeout = 0;
    `);
    return database;
  } catch (cause) {
    database?.close();
    throw new ConfigError("ERR_OPTION_INVALID", "sqliteStore: the file at path cannot be opened and written.", {
      help: "Its folder must exist, this process must be allowed to write there, and it must be an SQLite file or none.",
      cause,
    });
  }
}

/** Readers and one writer at a time get along. Where two processes change this at once, SQLite waits for neither. */
function useWal(database: DatabaseSync): void {
  const deadlineMs = performance.now() + setUpTimeoutMs;
  for (;;) {
    try {
      database.exec("PRAGMA journal_mode = WAL");
      return;
    } catch (cause) {
      const isBusy = cause instanceof Error && "errcode" in cause && cause.errcode === 5;
      if (!isBusy || performance.now() > deadlineMs) throw cause;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}
