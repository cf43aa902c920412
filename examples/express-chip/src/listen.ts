import { once } from "node:events";
import { createServer } from "node:http";
import type { RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

/** A running server on the loopback interface. */
export interface Listening {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Starts a server for an app; port 0 takes a free one. Rejects when the port is taken. */
export async function listen(app: RequestListener, port = 0): Promise<Listening> {
  const server = createServer(app).listen(port, "127.0.0.1");
  await once(server, "listening");
  const { port: actual } = server.address() as AddressInfo; // what a TCP server that listens has
  return {
    url: `http://127.0.0.1:${actual}`,
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
