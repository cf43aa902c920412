import { join } from "node:path";

import type { RunningAdapterHost } from "@hooklatch/conformance/adapter";
import type { MountSetup, ProbeMount } from "./apps/mount.ts";
import { bunProgram, denoProgram, workerdProgram } from "./binaries.ts";
import { buildWorker } from "./build-worker.ts";
import { startProgram } from "./start-program.ts";

/** Another runtime, with receivers mounted by `toFetchHandler`. */
export interface RuntimeHost {
  readonly name: string;
  start(mounts: readonly (MountSetup | ProbeMount)[]): Promise<RunningAdapterHost>;
}

const app = (name: string): string => join(import.meta.dirname, "apps", name);
const envOf = (mounts: readonly (MountSetup | ProbeMount)[]) => ({ MOUNTS: JSON.stringify(mounts), NO_COLOR: "1" });

/** Every runtime beside Node that the fetch adapter is tested on. */
export const runtimeHosts: readonly RuntimeHost[] = [
  {
    name: "Bun",
    start: (mounts) => startProgram({ command: bunProgram, args: [app("bun.ts")], env: envOf(mounts), portFrom: 1 }),
  },
  {
    name: "Deno",
    start(mounts) {
      // What the app may do is named, so that a need of ours for more shows.
      const args = ["run", "--no-lock", "--allow-net=127.0.0.1", "--allow-env=MOUNTS", app("deno.ts")];
      return startProgram({ command: denoProgram, args, env: envOf(mounts), portFrom: 1 });
    },
  },
  {
    name: "workerd",
    async start(mounts) {
      await buildWorker();
      const args = ["serve", app("worker.capnp"), "--control-fd=3"];
      return startProgram({ command: workerdProgram(), args, env: envOf(mounts), portFrom: 3 });
    },
  },
];
