import { statSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";

/** Four times what SQLite lets a log grow to by itself, where it can. */
const mostBytes = 16 * 1024 * 1024;

/** How often the log is looked at: after each transaction, that made one of a single operation half as slow again. */
const everyMs = 20;

/** How long a log that is too large holds up this process, at most, and how soon after it is tried again. */
const waitMs = 200;
const againMs = 100;

/**
 * Keeps the write-ahead log of a database short; to be called between transactions. SQLite's own checkpoints begin the log
 * anew only when nobody writes meanwhile: four busy processes had one of 1 GB after six seconds.
 */
export function createWalLimit(database: DatabaseSync): () => void {
  const file = database.prepare("SELECT file FROM pragma_database_list WHERE name = 'main'").get()?.["file"];
  let notBeforeMs = 0;
  return () => {
    const nowMs = performance.now();
    if (nowMs < notBeforeMs) return;
    notBeforeMs = nowMs + everyMs;
    const size = statSync(`${String(file)}-wal`, { throwIfNoEntry: false })?.size ?? 0;
    if (size <= mostBytes) return;
    try {
      database.exec(`PRAGMA busy_timeout = ${waitMs}; PRAGMA wal_checkpoint(TRUNCATE)`);
    } finally {
      // Also after a failure, as of a full disk: every transaction would else stand still while another process writes.
      database.exec("PRAGMA busy_timeout = 0");
      const isShort = (statSync(`${String(file)}-wal`, { throwIfNoEntry: false })?.size ?? 0) <= mostBytes;
      notBeforeMs = performance.now() + (isShort ? everyMs : againMs);
    }
  };
}
