import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

import type { StoreModule } from "../place.ts";
import type { Done, Order } from "./claims-child.ts";

/** A process that has opened the store of a case. */
export interface StoreProcess {
  /** Has it do something; one thing at a time. */
  obey(order: Order): Promise<Answer>;
  /** Ends it as a crash does. */
  kill(): Promise<void>;
  /** Ends it in peace. */
  end(): Promise<void>;
}

/** What a process answers when nothing went wrong. */
type Answer = Exclude<Done, "ready" | { readonly failure: string }>;

/** Beside this file: as source where this is source, built where this is built. */
const program = fileURLToPath(new URL(import.meta.url.replace(/child(\.[jt]s)$/, "claims-child$1")));

/** Starts a process whose clock is ahead, and waits until it has opened the store. */
export async function startProcess({ module, argument }: StoreModule, aheadMs: number): Promise<StoreProcess> {
  const child = fork(program, [module.href, argument, String(aheadMs)]);
  await next(child);
  return {
    async obey(order) {
      const answer = next(child);
      child.send(order);
      const done = await answer;
      if (done === "ready") throw new Error("The process answered before it was asked.");
      if ("failure" in done) throw new Error(`A process failed: ${done.failure}`);
      return done;
    },
    kill: () => ended(child, () => child.kill("SIGKILL")),
    end: () => ended(child, () => child.disconnect()),
  };
}

async function ended(child: ChildProcess, end: () => void): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  end();
  await exit;
}

function next(child: ChildProcess): Promise<Done> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => reject(new Error(`The process ended with ${code}.`));
    child.once("exit", onExit).once("message", (done) => {
      child.off("exit", onExit);
      // What claims-child sends.
      resolve(done as Done);
    });
  });
}
