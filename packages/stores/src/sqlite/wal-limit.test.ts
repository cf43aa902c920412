import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { expect, onTestFinished, test } from "vitest";

import { createWalLimit } from "./wal-limit.ts";

test("waits for nobody afterwards, also where the log could not be shortened", () => {
  const folder = mkdtempSync(join(tmpdir(), "hooklatch-sqlite-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "claims.db");
  const database = new DatabaseSync(path);
  onTestFinished(() => database.close());
  database.exec("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; PRAGMA busy_timeout = 0");
  database.exec("CREATE TABLE big (part BLOB); INSERT INTO big VALUES (zeroblob(20000000)), (NULL)");
  const limit = createWalLimit(database);

  const rows = database.prepare("SELECT rowid FROM big").iterate();
  rows.next(); // a checkpoint fails while this connection reads
  expect(limit).toThrow("locked");
  expect(database.prepare("PRAGMA busy_timeout").get()).toEqual({ timeout: 0 });

  rows.return?.();
  limit(); // not before its time
  expect(statSync(`${path}-wal`).size).toBeGreaterThan(16 * 1024 * 1024);
});
