import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { expect, test } from "vitest";

const run = promisify(execFile);

/** Opens the store at the given moment, claims one key, and prints the answer. */
const program = `
  const { sqliteStore } = await import(${JSON.stringify(import.meta.resolve("@hooklatch/stores/sqlite"))});
  const [path, atMs] = process.argv.slice(1);
  while (Date.now() < Number(atMs));
  const store = sqliteStore({ path });
  console.log((await store.claim("event", 60_000, 1)).status);
  await store.close();
`;

test("processes that start together make one file and share it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "hooklatch-start-"));
  try {
    for (let round = 0; round < 3; round++) {
      const args = ["--input-type=module", "--eval", program, join(folder, `${round}.db`), String(Date.now() + 1_000)];
      const processes = Array.from({ length: 6 }, () => run(process.execPath, args));
      const answers = (await Promise.all(processes)).map(({ stdout }) => stdout.trim());
      expect(answers.toSorted()).toEqual(["busy", "busy", "busy", "busy", "busy", "new"]);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});
