import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { ConfigError } from "@hooklatch/core/errors";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { sqliteStore } from "./sqlite-store.ts";

const weekMs = 7 * 86_400_000;

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hooklatch-sqlite-"));
  path = join(folder, "claims.db");
});

afterEach(() => rmSync(folder, { recursive: true }));

function readTable(sql: string): readonly Record<string, unknown>[] {
  const database = new DatabaseSync(path);
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
}

function countRows(): unknown {
  return readTable("SELECT count(*) AS count FROM hooklatch_claims")[0]?.["count"];
}

test("remembers in a file what a later process asks for", async () => {
  const first = sqliteStore({ path });
  const claim = await first.claim("event", 60_000, -5);
  if (claim.status !== "new") expect.fail();
  expect(await first.settle("event", claim.token, 60_000)).toBe(true);
  await first.close();

  const second = sqliteStore({ path });
  expect(await second.claim("event", 60_000, -6)).toEqual({ status: "duplicate", conflict: true });
  await second.close();
});

test("answers what was asked before it was closed, and refuses what comes after", async () => {
  const store = sqliteStore({ path });
  const asked = Array.from({ length: 700 }, async (_, index) => store.claim(`event ${index}`, 60_000, 1));
  const close = async (): Promise<void> => store.close();
  const closings = [close(), close()];
  await expect(store.claim("late", 60_000, 1)).rejects.toThrow("The SQLite store is closed.");
  await Promise.all(closings);
  const claims = await Promise.all(asked);
  expect(claims.every(({ status }) => status === "new")).toBe(true);
  expect(countRows()).toBe(700);
  await store.close();
});

test("leaves one file behind when the last process has closed it", async () => {
  const store = sqliteStore({ path });
  await store.claim("event", 60_000, 1);
  expect(readdirSync(folder)).toContain("claims.db-wal");
  await store.close();
  expect(readdirSync(folder)).toEqual(["claims.db"]);
});

test("refuses a claim that cannot be stored, and grants the others of that moment", async () => {
  const store = sqliteStore({ path });
  const [good, bad] = await Promise.allSettled([store.claim("good", 60_000, 1), store.claim("bad", 60_000, 0.5)]);
  expect(good).toMatchObject({ status: "fulfilled", value: { status: "new", attempt: 1 } });
  expect(bad.status).toBe("rejected");
  await store.close();
});

test("keeps time by the machine's clock, whatever this process thinks of it", async () => {
  const store = sqliteStore({ path });
  vi.useFakeTimers({ toFake: ["Date"], now: 0 });
  try {
    await store.claim("event", 60_000, 1);
    vi.setSystemTime(2 * weekMs);
    expect(await store.claim("event", 60_000, 1)).toMatchObject({ status: "busy" });
  } finally {
    vi.useRealTimers();
  }
  await store.close();
});

test("forgets what nobody needs, some at a time, and keeps the attempts of a process that died for a week", async () => {
  const store = sqliteStore({ path });
  const claims = await Promise.all(Array.from({ length: 250 }, async (_, index) => store.claim(`old ${index}`, 60, 1)));
  expect(claims.every(({ status }) => status === "new")).toBe(true);
  await store.claim("running", 60_000, 1);
  await store.claim("died", 60_000, 1);
  const ago = (ms: number): string => `CAST(unixepoch('subsec') * 1000 AS INTEGER) - ${ms}`;
  readTable(`UPDATE hooklatch_claims SET ends_at = ${ago(1_000)} WHERE key = 'died'`);
  readTable(`UPDATE hooklatch_claims SET ends_at = ${ago(1_000)}, status = 1 WHERE key IN ('old 0', 'old 1')`);
  readTable(`UPDATE hooklatch_claims SET ends_at = ${ago(weekMs + 1_000)} WHERE key LIKE 'old %' AND status = 0`);

  // It looks once a second, and then goes on from one transaction to the next until there is no more.
  await expect.poll(async () => (await store.claim("running", 60_000, 1), countRows()), { timeout: 5_000 }).toBe(152);
  await store.claim("running", 60_000, 1);
  expect(countRows()).toBe(52);
  await store.claim("running", 60_000, 1);
  expect(readTable("SELECT key FROM hooklatch_claims ORDER BY key").map(({ key }) => key)).toEqual(["died", "running"]);
  expect(await store.claim("died", 60_000, 1)).toMatchObject({ status: "new", attempt: 2 });
  await store.close();
});

test("starts the log anew that SQLite could not, however much is written", async () => {
  const store = sqliteStore({ path, survives: "crash" });
  const reader = new DatabaseSync(path);
  // Who reads for long keeps SQLite's own checkpoints from beginning the log anew.
  reader.exec("BEGIN; SELECT * FROM hooklatch_claims");
  const long = "k".repeat(10_000);
  for (let round = 0; round < 4; round++) {
    await Promise.all(
      Array.from({ length: 400 }, async (_, index) => store.claim(`${long}${round} ${index}`, 60_000, 1)),
    );
  }
  expect(statSync(`${path}-wal`).size).toBeGreaterThan(16 * 1024 * 1024);
  reader.exec("COMMIT");
  reader.close();
  const shrunk = async (): Promise<number> => (await store.claim("event", 60_000, 1), statSync(`${path}-wal`).size);
  await expect.poll(shrunk, { timeout: 5_000 }).toBeLessThan(1024 * 1024);
  await store.close();
});

test.each([
  ["no text", 1],
  ["empty", ""],
  ["in memory", ":memory:"],
])("refuses a path that is %s", (_what, given) => {
  // What a caller without types may give.
  expect(() => sqliteStore({ path: given as string })).toThrow("path must name a file");
});

test("refuses options that make no sense", () => {
  // What a caller without types may give.
  expect(() => sqliteStore({ path, survives: "nothing" as "crash" })).toThrow("survives must be");
  for (const busyTimeoutMs of [0, -1, 0.5, NaN, Infinity]) {
    expect(() => sqliteStore({ path, busyTimeoutMs })).toThrow("busyTimeoutMs must be");
  }
  expect(readdirSync(folder)).toEqual([]);
});

test("says what is wrong with a file that it cannot use", () => {
  writeFileSync(path, "This is a text and no database, and it is long enough to be taken for what it is.".repeat(20));
  for (const wrong of [join(folder, "missing", "claims.db"), folder, path]) {
    let error: unknown;
    try {
      sqliteStore({ path: wrong });
    } catch (cause) {
      error = cause;
    }
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ code: "ERR_OPTION_INVALID", cause: expect.any(Error) });
    expect(String(error)).toContain("sqliteStore: the file at path cannot be opened");
  }
});
