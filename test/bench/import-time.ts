import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { median } from "./measure.ts";
import { limitRow } from "./row.ts";
import type { Row } from "./row.ts";

const core = fileURLToPath(new URL("../../packages/core", import.meta.url));
const times = 15;
const script =
  "const at = performance.now(); await import(process.argv[1]); console.log(performance.now() - at); process.exit();";

/** How long a new process takes to import `@hooklatch/core`, as users get it and from source. */
export async function benchImport(): Promise<readonly Row[]> {
  const built = buildCore();
  const millis: { dist: number[]; source: number[] } = { dist: [], source: [] };
  for (let time = 0; time < times; time++) {
    millis.dist.push(importOnce(join(built, "dist/index.js")));
    millis.source.push(importOnce(join(core, "src/index.ts")));
  }
  rmSync(built, { recursive: true });
  return [
    limitRow("importing @hooklatch/core, built", median(millis.dist), 25, "ms"),
    // Only this repository strips types: users get the built files.
    {
      name: "… from source",
      measured: `${median(millis.source).toFixed(1)} ms`,
      target: "for information",
      ratio: "",
    },
  ];
}

/** Builds core into a folder of its own, where it finds its dependencies as in a real `node_modules`. */
function buildCore(): string {
  const folder = mkdtempSync(join(tmpdir(), "hooklatch-bench-"));
  const tsc = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url));
  const options = ["--composite", "false", "--incremental", "false", "--declaration", "false"];
  execFileSync(process.execPath, [tsc, "-p", core, "--outDir", join(folder, "dist"), ...options]);
  cpSync(join(core, "package.json"), join(folder, "package.json"));
  symlinkSync(join(core, "node_modules"), join(folder, "node_modules"));
  return folder;
}

function importOnce(path: string): number {
  const args = ["--input-type=module", "--eval", script, pathToFileURL(path).href];
  return Number(execFileSync(process.execPath, args, { encoding: "utf8" }));
}
