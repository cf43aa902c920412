import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

import type { WorkerSetup } from "./worker.ts";

const program = fileURLToPath(new URL("./worker.ts", import.meta.url));

/** Some processes of one app, each of which may be killed and is started again. */
export interface Workers {
  /** The port of a worker; one that is being started is waited for. */
  port(index: number): Promise<number>;
  /** Kills a worker as nothing else does, and starts another in its place. */
  kill(index: number): Promise<void>;
  /** When each killed process was told to die, by its id. */
  readonly deaths: ReadonlyMap<number, number>;
  end(): Promise<void>;
}

/** Starts so many workers. */
export function startWorkers(count: number, setup: WorkerSetup): Workers {
  const start = (): Promise<{ readonly child: ChildProcess; readonly port: number }> => {
    const child = fork(program, [JSON.stringify(setup)]);
    return new Promise((resolve, reject) => {
      child.once("message", (port) => resolve({ child, port: Number(port) }));
      child.once("exit", (code) => reject(new Error(`A worker ended by itself, with ${code}.`)));
    });
  };
  const workers = Array.from({ length: count }, start);
  const at = (index: number): ReturnType<typeof start> => workers[index % count] ?? start();
  const deaths = new Map<number, number>();

  async function killChild(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, "exit");
    deaths.set(child.pid ?? 0, Date.now());
    child.kill("SIGKILL");
    await exit;
  }

  return {
    deaths,
    port: async (index) => (await at(index)).port,
    async kill(index) {
      const { child } = await at(index);
      await killChild(child);
      workers[index % count] = start();
      await at(index);
    },
    async end() {
      for (const worker of workers) await killChild((await worker).child);
    },
  };
}
