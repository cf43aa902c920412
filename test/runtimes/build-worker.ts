import { join } from "node:path";

import { build } from "esbuild";

let built: Promise<unknown> | undefined;

/** Bundles the Worker into the file that its configuration names, once. workerd loads no TypeScript and no packages. */
export async function buildWorker(): Promise<void> {
  built ??= build({
    entryPoints: [join(import.meta.dirname, "apps/worker.ts")],
    outfile: join(import.meta.dirname, "../../.tmp/runtimes/worker.js"),
    bundle: true,
    format: "esm",
    platform: "node",
    external: ["node:*"],
  });
  await built;
}
