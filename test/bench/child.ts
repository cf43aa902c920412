import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Starts a file in a process of its own, which tells numbers to this one. */
export function startChild(file: URL, argument: string, execArgv: readonly string[] = []): ChildProcess {
  return fork(fileURLToPath(file), [argument], { execArgv: [...execArgv] });
}

/** The next number a child tells. Rejects when it ends instead. */
export function nextNumber(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => reject(new Error(`The child process ended with ${code}.`));
    child.once("exit", onExit).once("message", (message) => {
      child.off("exit", onExit);
      resolve(Number(message));
    });
  });
}
