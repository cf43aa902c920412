import { randomBytes } from "node:crypto";

import type { Claim, Store } from "@hooklatch/core";
import { ConfigError } from "@hooklatch/core/errors";

import { attemptsKeptMs } from "../attempts-kept.ts";
import { createGroupCommit } from "./group-commit.ts";
import { openDatabase } from "./open-database.ts";
import { prepareStatements, status } from "./statements.ts";
import { createWalLimit } from "./wal-limit.ts";

/** How the SQLite store is set up. */
export interface SqliteStoreOptions {
  /** The database's file, on a disk of this machine. Made when it is not there. */
  readonly path: string;
  /**
   * What a handled event survives: `power loss`, or `crash` of the process alone, which is faster. After a loss the event
   * runs again when it is sent again. Default: `power loss`.
   */
  readonly survives?: "power loss" | "crash";
  /** How long an operation waits for other processes that write. Default: 4 seconds. */
  readonly busyTimeoutMs?: number;
}

/** How often rows that are no longer needed are looked for, and how many go at a time. */
const cleanUpEveryMs = 1_000;
const cleanUpRows = 100;

/**
 * Remembers events in an SQLite file, shared by the processes of one machine. Operations of one turn of the event loop are
 * one transaction. Keeps time by the machine's clock.
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID` for a file that cannot be opened or written
 */
export function sqliteStore(options: SqliteStoreOptions): Store {
  const { path, survives = "power loss", busyTimeoutMs = 4_000 } = options;
  assertOptions({ path, survives, busyTimeoutMs });
  const database = openDatabase(path, survives);
  const statements = prepareStatements(database);
  let cleanUpAtMs = 0;
  let closing: Promise<void> | undefined;

  const group = createGroupCommit({
    database,
    busyTimeoutMs,
    start() {
      // The clock is looked at when no other process can write any more.
      const nowMs = Number(statements.now.get()?.["ms"]);
      if (nowMs >= cleanUpAtMs) {
        const { changes } = statements.forget.run({ nowMs, rows: cleanUpRows });
        // Where there are more, the next transaction goes on: they must not pile up.
        cleanUpAtMs = changes === cleanUpRows ? nowMs : nowMs + cleanUpEveryMs;
      }
      return nowMs;
    },
    end: createWalLimit(database),
  });

  function inGroup<Value>(work: (nowMs: number) => Value): Promise<Value> {
    return closing === undefined ? group.run(work) : Promise.reject(new Error("The SQLite store is closed."));
  }

  function claimNow(key: string, leaseMs: number, fingerprint: number, nowMs: number): Claim {
    const token = randomBytes(12).toString("base64url");
    const taken = statements.take.get({ key, token, nowMs, endsAtMs: nowMs + leaseMs, fingerprint });
    if (taken !== undefined) return { status: "new", token, attempt: Number(taken["attempt"]) };
    const known = statements.look.get(key);
    if (known === undefined) throw new Error("The SQLite store neither took a key nor knows it.");
    const conflict = known["fingerprint"] !== fingerprint;
    if (known["status"] === status.settled) return { status: "duplicate", conflict };
    return { status: "busy", conflict, retryAfterMs: Math.max(1, Number(known["ends_at"]) - nowMs) };
  }

  const change = (key: string, token: string, to: number, forMs: number): Promise<boolean> =>
    inGroup((nowMs) => statements.change.run({ key, token, nowMs, to, endsAtMs: nowMs + forMs }).changes === 1);

  return {
    claim: (key, leaseMs, fingerprint) => inGroup((nowMs) => claimNow(key, leaseMs, fingerprint, nowMs)),
    renew: (key, token, leaseMs) => change(key, token, status.running, leaseMs),
    settle: (key, token, keepMs) => change(key, token, status.settled, keepMs),
    async release(key, token) {
      await change(key, token, status.released, attemptsKeptMs);
    },
    close: () => (closing ??= group.idle().then(() => database.close())),
  };
}

function assertOptions({ path, survives, busyTimeoutMs }: Required<SqliteStoreOptions>): void {
  if (typeof path !== "string" || path === "" || path === ":memory:") {
    throw invalid("path must name a file; for the memory of one process there is memoryStore()");
  }
  if (!["power loss", "crash"].includes(survives)) throw invalid('survives must be "power loss" or "crash"');
  if (!(Number.isSafeInteger(busyTimeoutMs) && busyTimeoutMs > 0)) {
    throw invalid("busyTimeoutMs must be a whole number above 0");
  }
}

function invalid(what: string): ConfigError {
  return new ConfigError("ERR_OPTION_INVALID", `sqliteStore: ${what}.`);
}
