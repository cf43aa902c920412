import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { afterEach, beforeEach, expect, test } from "vitest";

import { createGroupCommit } from "./group-commit.ts";

let folder: string;
let path: string;
let database: DatabaseSync;
let other: DatabaseSync;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hooklatch-group-"));
  path = join(folder, "numbers.db");
  database = new DatabaseSync(path);
  database.exec("PRAGMA journal_mode = WAL; CREATE TABLE numbers (number INTEGER NOT NULL) STRICT");
  other = new DatabaseSync(path);
});

afterEach(() => {
  database.close();
  other.close();
  rmSync(folder, { recursive: true });
});

function createGroup(busyTimeoutMs = 5_000) {
  const group = createGroupCommit({ database, busyTimeoutMs, start: () => 7 });
  const insert = database.prepare("INSERT INTO numbers VALUES (?)");
  return { group, add: (number: number) => group.run((nowMs) => (insert.run(number), number + nowMs)) };
}

/** How many transactions the log holds: a frame that ends one tells the size of the database, others tell 0. */
function countCommits(): number {
  const log = readFileSync(`${path}-wal`);
  const pageSize = log.readUInt32BE(8);
  let commits = 0;
  for (let at = 32; at + 24 <= log.length; at += 24 + pageSize) if (log.readUInt32BE(at + 4) > 0) commits++;
  return commits;
}

function numbersSeenByOthers(): readonly unknown[] {
  return other
    .prepare("SELECT number FROM numbers")
    .all()
    .map((row) => row["number"]);
}

test("commits what is asked for in one turn at once, and then answers", async () => {
  const { add } = createGroup();
  const before = countCommits();
  const [first, ...rest] = Array.from({ length: 100 }, (_, number) => add(number));
  expect(await first).toBe(7);
  expect(numbersSeenByOthers()).toHaveLength(100);
  expect(await Promise.all(rest)).toHaveLength(99);
  expect(countCommits() - before).toBe(1);
});

test("takes more than one transaction for very many, so that the process is not held up", async () => {
  const { add } = createGroup();
  const before = countCommits();
  await Promise.all(Array.from({ length: 1_200 }, (_, number) => add(number)));
  expect(countCommits() - before).toBe(3);
  expect(numbersSeenByOthers()).toHaveLength(1_200);
});

test("lets one operation fail alone, when the others are not concerned", async () => {
  const { group, add } = createGroup();
  const refused = database.prepare("INSERT INTO numbers VALUES (?)");
  const outcomes = await Promise.allSettled([
    add(1),
    group.run(() => {
      throw new TypeError("not this one");
    }),
    group.run(() => refused.run("no number")),
    add(2),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected", "fulfilled"]);
  expect(numbersSeenByOthers()).toEqual([1, 2]);
});

test("refuses all and remembers nothing when the disk is full, and goes on when it no longer is", async () => {
  const { group, add } = createGroup();
  const pages = Number(database.prepare("PRAGMA page_count").get()?.["page_count"]);
  database.exec(`PRAGMA max_page_count = ${pages + 1}; CREATE TABLE blobs (bytes BLOB) STRICT`);
  const large = database.prepare("INSERT INTO blobs VALUES (zeroblob(100000))");

  const outcomes = await Promise.allSettled([add(1), group.run(() => large.run()), add(2)]);
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
  expect(numbersSeenByOthers()).toEqual([]);

  database.exec("PRAGMA max_page_count = 100000");
  expect(await add(3)).toBe(10);
  expect(numbersSeenByOthers()).toEqual([3]);
});

test("waits for another program that writes, and lets this one work meanwhile", async () => {
  const { add } = createGroup();
  other.exec("BEGIN IMMEDIATE");
  const answer = add(1);
  let turns = 0;
  const counting = setInterval(() => turns++, 1);
  await expect.poll(() => turns).toBeGreaterThan(20);
  clearInterval(counting);
  other.exec("ROLLBACK");
  expect(await answer).toBe(8);
});

test("rejects what has waited too long for another program, and nothing else", async () => {
  const { group, add } = createGroup(100);
  other.exec("BEGIN IMMEDIATE");
  await expect(add(1)).rejects.toMatchObject({ errcode: 5 });
  await group.idle();
  other.exec("ROLLBACK");
  expect(await add(2)).toBe(9);
  expect(numbersSeenByOthers()).toEqual([2]);
});

test("is idle when everything is answered, whoever asks", async () => {
  const { group, add } = createGroup();
  const answers: number[] = [];
  void add(1).then((answer) => answers.push(answer));
  await Promise.all([group.idle(), group.idle()]);
  expect(answers).toEqual([8]);
  await group.idle();
});

test("survives what goes wrong between transactions", async () => {
  const end = (): void => {
    throw new Error("no checkpoint today");
  };
  const group = createGroupCommit({ database, busyTimeoutMs: 100, start: () => 7, end });
  expect(await Promise.all([group.run((nowMs) => nowMs), group.run(() => 2)])).toEqual([7, 2]);
  await group.idle();
});
