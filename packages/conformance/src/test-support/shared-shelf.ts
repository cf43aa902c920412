import { DatabaseSync } from "node:sqlite";

import type { Store } from "@hooklatch/core";

import { createShelf, memoryRows } from "./shelf.ts";
import type { Pieces, Row, Rows } from "./shelf.ts";

const pause = (): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);

/** What can be wrong between processes. */
const flaws = {
  none: {},
  "nobody is kept out": { pause },
  "each process has its own": {},
  "each process has its own clock": {},
  "dies with its process": {
    isTaken: ({ status, endsAtMs, pid }, nowMs) =>
      status !== "released" && endsAtMs > nowMs && (status === "settled" || isAlive(pid)),
  },
} as const satisfies Readonly<Record<string, Partial<Pieces>>>;

/** The name of a flaw. */
export type SharedFlaw = keyof typeof flaws;

/** Opens a shelf in a file; the argument is its path and the name of its flaw. */
export async function open(argument: string): Promise<Store> {
  // What the tests write.
  const [path, flaw] = JSON.parse(argument) as [string, SharedFlaw];
  if (flaw === "each process has its own") return createShelf(memoryRows());
  const database = new DatabaseSync(path);
  // Nothing here has to survive a loss of power.
  database.exec(`
    PRAGMA busy_timeout = 10000;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = OFF;
    CREATE TABLE IF NOT EXISTS rows (key TEXT PRIMARY KEY, row TEXT);
  `);
  const now = database.prepare("SELECT unixepoch('subsec') * 1000 AS ms");
  const nowMs = flaw === "each process has its own clock" ? Date.now : () => Number(now.get()?.["ms"]);
  return createShelf(fileRows(database, flaw), { ...flaws[flaw], nowMs, close: closeOnce(database) });
}

function fileRows(database: DatabaseSync, flaw: SharedFlaw): Rows {
  const get = database.prepare("SELECT row FROM rows WHERE key = ?");
  const set = database.prepare("INSERT OR REPLACE INTO rows VALUES (?, ?)");
  return {
    get(key) {
      const text = get.get(key)?.["row"];
      // What `set` wrote.
      return typeof text === "string" ? (JSON.parse(text) as Row) : undefined;
    },
    set: (key, row) => void set.run(key, JSON.stringify(row)),
    alone(work) {
      if (flaw === "nobody is kept out") return work();
      database.exec("BEGIN IMMEDIATE");
      try {
        return work();
      } finally {
        database.exec("COMMIT");
      }
    },
  };
}

function closeOnce(database: DatabaseSync): () => void {
  let isClosed = false;
  return () => {
    if (!isClosed) database.close();
    isClosed = true;
  };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
