import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";

import type { RunningAdapterHost } from "@hooklatch/conformance/adapter";

/** How a server in another runtime is started. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Where it tells its port, as `"port":…` in a line of JSON. File descriptor 3 is opened for it. */
  readonly portFrom: 1 | 3;
}

/** Starts a server in a process of its own and waits for its port. Rejects with what it wrote when it ends before. */
export async function startProgram({ command, args, env, portFrom }: Program): Promise<RunningAdapterHost> {
  const child = spawn(command, args, {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe", portFrom === 3 ? "pipe" : "ignore"],
  });
  const killAtExit = (): void => void child.kill("SIGKILL");
  process.once("exit", killAtExit);
  const gone = once(child, "exit").finally(() => process.off("exit", killAtExit));

  let written = "";
  // As the options of spawn() say, each of them is a pipe.
  for (const stream of child.stdio.slice(1) as readonly (Readable | null)[]) {
    stream?.setEncoding("utf8").on("data", (text: string) => (written += text));
  }
  // As above.
  const port = await Promise.race([readPort(child.stdio[portFrom] as Readable), gone.then(() => undefined)]);
  if (port === undefined) throw new Error(`${command} ended before it listened:\n${written}`);

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await gone;
  };
  return { url: `http://127.0.0.1:${port}`, stop: () => end("SIGTERM"), kill: () => end("SIGKILL") };
}

function readPort(stream: Readable): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    stream.on("data", (more: string) => {
      text += more;
      const [, port] = /"port":\s*(\d+)/.exec(text) ?? [];
      if (port !== undefined) resolve(port);
    });
  });
}
