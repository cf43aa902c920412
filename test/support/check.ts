/**
 * Runs every check of the repository and says which failed: `npx -y pnpm@12 check`.
 *
 * `--only lint,types` runs some of them, `--skip tests` all others.
 */
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { parseArgs } from "node:util";

import { packageFolders } from "../house/packages.ts";
import { readTree, root } from "../house/tree.ts";

interface Step {
  readonly name: string;
  readonly command: readonly [program: string, ...args: string[]];
  /** Part of another step, so it only runs when it is asked for. */
  readonly onRequest?: boolean;
  readonly prepare?: () => void;
}

const steps: readonly Step[] = [
  // When the install before a script fails, pnpm warns and runs the script.
  { name: "lockfile", command: ["pnpm", "install", "--frozen-lockfile", "--lockfile-only"] },
  { name: "format", command: ["oxfmt", "--check", "."] },
  { name: "lint", command: ["oxlint", "--type-aware", "--deny-warnings"] },
  { name: "types", command: ["tsc", "--noEmit"] },
  { name: "build", command: ["tsc", "-b", "--force", "tsconfig.build.json"], prepare: removeBuilds },
  { name: "tests", command: ["vitest", "run"] },
  { name: "house", command: ["vitest", "run", "test/house", "test/docs"], onRequest: true },
  { name: "knip", command: ["knip"] },
  { name: "typedoc", command: ["typedoc"] },
  // Takes what the build has made.
  { name: "packages", command: ["node", "test/support/check-packages.ts"] },
];

const { values: options } = parseArgs({ options: { only: { type: "string" }, skip: { type: "string" } } });
const chosen = chooseSteps();
const failed = chosen.filter((step) => !passes(step));

console.log(`\n${chosen.length - failed.length} of ${chosen.length} checks passed.`);
for (const { name } of failed) console.log(`Failed: ${name}`);
process.exitCode = failed.length === 0 ? 0 : 1;

function chooseSteps(): readonly Step[] {
  const only = options.only?.split(",");
  const skip = options.skip?.split(",") ?? [];
  const unknown = [...(only ?? []), ...skip].filter((name) => !steps.some((step) => step.name === name));
  if (unknown.length > 0) throw new Error(`No such check: ${unknown.join(", ")}`);
  return steps.filter(({ name, onRequest }) => (only ? only.includes(name) : !onRequest) && !skip.includes(name));
}

/** Runs one check. What it prints is shown when it fails. */
function passes({ name, command, prepare }: Step): boolean {
  const [program, ...args] = command;
  console.log(`\n== ${name}: ${command.join(" ")}`);
  prepare?.();
  const startedAtMs = performance.now();
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: root,
    encoding: "utf8",
    maxBuffer: Number.POSITIVE_INFINITY,
    env: { ...process.env, PATH: [join(root, "node_modules/.bin"), process.env["PATH"]].join(delimiter) },
  });
  if (status !== 0) console.log(`${stdout}${stderr}${error?.message ?? ""}`);
  console.log(`${status === 0 ? "passed" : "FAILED"} in ${((performance.now() - startedAtMs) / 1000).toFixed(1)} s`);
  return status === 0;
}

/** A file that is gone from the source must be gone from the tarball too. */
function removeBuilds(): void {
  for (const folder of packageFolders(readTree())) rmSync(join(root, folder, "dist"), { recursive: true, force: true });
}
