import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import type { IncomingDelivery, Reply } from "@hooklatch/core";
import { readNodeRequest, writeNodeReply } from "@hooklatch/core/node";

import type { AdapterHost, AdapterMount } from "../adapter/host.ts";

export type Read = (request: IncomingMessage) => IncomingDelivery | Promise<IncomingDelivery>;
type Write = (request: IncomingMessage, response: ServerResponse, reply: Reply) => unknown;

/** What is wrong with an adapter; the rest of it is as it should be. */
export interface Fault {
  readonly read?: Read;
  readonly write?: Write;
  /** What the app does to a request before it looks for a receiver. Says whether that was all. */
  readonly before?: (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>;
  readonly findMount?: (mounts: readonly AdapterMount[], path: string) => AdapterMount | undefined;
  readonly stop?: "at once" | "never";
}

/** An adapter for node:http with a fault. */
export function hostWith(fault: Fault): AdapterHost {
  const { read = readNodeRequest, write = writeNodeReply, before = () => false } = fault;
  const { findMount = (mounts, path) => mounts.find((mount) => mount.path === path) } = fault;
  return {
    name: "broken",
    async start(mounts) {
      const server = createServer((request, response) => {
        void (async () => {
          const [path = ""] = request.url?.split("?", 1) ?? [];
          if (await before(request, response)) return;
          const mount = findMount(mounts, path);
          if (mount === undefined) {
            await serveOwn(request, response);
            return;
          }
          if (mount.behind !== undefined) {
            const bytes = Buffer.concat(await request.toArray());
            const isKept = mount.behind === "parser-that-keeps-bytes";
            const known = isKept ? { body: bytes } : {};
            const { reply } = await mount.receiver.receive(
              fault.read ? await read(request) : readNodeRequest(request, known),
            );
            write(request, response, reply);
            return;
          }
          const { reply } = await mount.receiver.receive(await read(request));
          await write(request, response, reply);
        })().catch(() => response.destroy());
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const close = (isAtOnce: boolean): Promise<void> =>
        new Promise((resolve) => {
          server.close(() => resolve());
          if (isAtOnce) server.closeAllConnections();
        });
      return {
        // A server that listens on TCP has an address of this kind.
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        stop: async () => (fault.stop === "never" ? undefined : close(fault.stop === "at once")),
        kill: () => close(true),
      };
    },
  };
}

async function serveOwn(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const route = `${request.method} ${request.url}`;
  if (route === "GET /own/hello") response.end("hello");
  else if (route === "GET /own/fail") response.writeHead(418).end('{"own":"error"}');
  else if (route === "POST /own/echo") {
    const own: unknown = JSON.parse(Buffer.concat(await request.toArray()).toString());
    response.end(JSON.stringify({ own }));
  } else response.writeHead(404).end("not found");
}
