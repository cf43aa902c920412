/**
 * Runs the tests of core on every supported Node, and the fetch adapter on Bun, Deno and workerd:
 * `npx -y pnpm@12 test:runtimes`. With names behind it, such as `node26` or `fetch`, only those.
 *
 * Each run leaves a JSON report in `.tmp/runtimes/reports`.
 */
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

import { root } from "../house/tree.ts";
import { nodeVersions } from "./binaries.ts";

interface Run {
  readonly name: string;
  readonly program: string;
  readonly config: string;
  readonly env?: Readonly<Record<string, string>>;
}

const runs: readonly Run[] = [
  ...nodeVersions().map(({ name, program, version }) => ({
    name,
    program,
    config: "test/runtimes/core/vitest.config.ts",
    env: { EXPECTED_NODE: version },
  })),
  { name: "fetch", program: process.execPath, config: "test/runtimes/vitest.config.ts" },
];

const names = process.argv.slice(2);
const unknown = names.filter((name) => !runs.some((run) => run.name === name));
if (unknown.length > 0) throw new Error(`No such run: ${unknown.join(", ")}`);

rmSync(join(root, ".tmp/runtimes/reports"), { recursive: true, force: true });
const failed = runs.filter(({ name }) => names.length === 0 || names.includes(name)).filter((run) => !passes(run));
for (const { name } of failed) console.log(`Failed: ${name}`);
process.exitCode = failed.length === 0 ? 0 : 1;

function passes({ name, program, config, env }: Run): boolean {
  console.log(`\n== ${name}: ${program}`);
  const report = `--outputFile.json=.tmp/runtimes/reports/${name}.json`;
  const vitest = ["node_modules/vitest/vitest.mjs", "run", "--root=.", `--config=${config}`];
  const { status, error } = spawnSync(program, [...vitest, "--reporter=default", "--reporter=json", report], {
    cwd: root,
    stdio: "inherit",
    // What a test starts as `node` is that Node, too.
    env: { ...process.env, ...env, PATH: [dirname(program), process.env["PATH"]].join(delimiter) },
  });
  if (error !== undefined) console.log(error.message);
  return status === 0;
}
