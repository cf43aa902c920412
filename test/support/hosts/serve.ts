import { createServer } from "node:http";
import type { RequestListener, Server } from "node:http";
import type { AddressInfo } from "node:net";

import type { RunningAdapterHost } from "@hooklatch/conformance/adapter";

/** Has a request listener, or a server of `node:http`, serve a free port of 127.0.0.1. */
export async function serve(listener: RequestListener | Server): Promise<RunningAdapterHost> {
  const server = typeof listener === "function" ? createServer(listener) : listener;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return running(server);
}

/** What the suites need of a server that listens already. */
export function running(server: Server): RunningAdapterHost {
  // A server that listens on TCP has an address of this kind.
  const { port } = server.address() as AddressInfo;
  const stop = (): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
  return {
    url: `http://127.0.0.1:${port}`,
    stop,
    kill() {
      const stopped = stop();
      server.closeAllConnections();
      return stopped;
    },
  };
}
