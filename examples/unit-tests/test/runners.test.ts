import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { afterEach, expect, it } from "vitest";

// Watches over the example itself: its vitest tests run here anyway, those for node:test are started.
const folder = fileURLToPath(new URL("..", import.meta.url));
const copies: string[] = [];

afterEach(async () => {
  for (const copy of copies.splice(0)) await rm(copy, { recursive: true });
});

/** Runs the tests for node:test in a folder. Rejects, with what was printed, when one fails. */
async function runNodeTests(cwd: string): Promise<string> {
  const args = ["--test", "--test-reporter=tap", "test/node-test/tickets.ts"];
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  return (await promisify(execFile)(process.execPath, args, { cwd, env })).stdout;
}

/** Copies the example with one line of its receiver changed. */
async function copyWith(line: string, replacement: string): Promise<string> {
  await mkdir(join(folder, ".tmp"), { recursive: true });
  const copy = await mkdtemp(join(folder, ".tmp", "copy-"));
  copies.push(copy);
  await cp(join(folder, "src"), join(copy, "src"), { recursive: true });
  await cp(join(folder, "test/node-test"), join(copy, "test/node-test"), { recursive: true });
  const file = join(copy, "src/payments.ts");
  const source = await readFile(file, "utf8");
  expect(source.split(line)).toHaveLength(2);
  await writeFile(file, source.replace(line, replacement));
  return copy;
}

it("its tests for node:test pass", async () => {
  const printed = await runNodeTests(folder);
  expect(printed).toMatch(/^# pass 6$/m);
  expect(printed).toMatch(/^# fail 0$/m);
});

it.each([
  ["issues nothing", "await office.issue(order);", "", "the tickets of a paid order are issued, once"],
  ["issues what is not paid", '"paid") return;', '"paid") {}', "none are issued while the money is on its way"],
  [
    "looks at no clock",
    "stripe({ secrets:",
    "stripe({ toleranceMs: 86_400_000, secrets:",
    "none are issued for a delivery that was held back for ten minutes",
  ],
])("they notice a shop that %s", async (_mistake, line, replacement, test) => {
  const copy = await copyWith(line, replacement);
  await expect(runNodeTests(copy)).rejects.toMatchObject({
    code: 1,
    stdout: expect.stringMatching(new RegExp(`^not ok \\d+ - ${test}$`, "m")),
  });
});
