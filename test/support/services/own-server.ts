import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

interface OwnServerOptions {
  /** Its files. Goes with it. */
  readonly folder: string;
  /** What ends it at once. */
  readonly endedBy: "KILL" | "QUIT";
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
}

/** A server that was started for tests. */
export interface OwnServer {
  readonly isRunning: () => boolean;
  stop(): Promise<void>;
}

// Reads until the process that holds the other end is gone, whatever ended it.
const watch =
  'cat >/dev/null; kill "-$1" "$2"; for _ in 1 2 3 4 5 6 7 8 9; do kill -0 "$2" || break; sleep 0.1; done; rm -rf "$3"';

/**
 * Starts an installed server that does not outlive this process: a runner of tests kills its workers, and nothing that
 * they had set up for their end is run.
 */
export function startServer(program: string, args: readonly string[], options: OwnServerOptions): OwnServer {
  const { folder, endedBy, user } = options;
  const server = spawn(program, args, { ...user, stdio: "ignore" });
  let isRunning = server.pid !== undefined;
  const ended = new Promise<void>((resolve) => {
    server.once("exit", () => resolve()).once("error", () => resolve());
  });
  if (server.pid !== undefined) {
    const guard = spawn("sh", ["-c", watch, "sh", endedBy, String(server.pid), folder], {
      stdio: ["pipe", "ignore", "ignore"],
      detached: true, // out of reach of a Ctrl-C
    });
    // Once the server is gone its number may be another's.
    server.once("exit", () => guard.kill("SIGKILL"));
    guard.unref();
    if (guard.stdin instanceof Socket) guard.stdin.unref();
  }
  void ended.then(() => {
    isRunning = false;
    rmSync(folder, { recursive: true, force: true });
  });
  server.unref();
  return {
    isRunning: () => isRunning,
    async stop() {
      if (isRunning) server.ref();
      server.kill(`SIG${endedBy}`);
      await ended;
    },
  };
}

/** A folder for a server's files. */
export function newFolder(service: string): string {
  return mkdtempSync(join(tmpdir(), `hooklatch-${service}-`));
}

/** A port of 127.0.0.1 that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  // A server that listens on TCP has an address of this kind.
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
