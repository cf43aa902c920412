import { createServer } from "node:http";
import type { Server } from "node:http";

import { ConfigError } from "@hooklatch/core/errors";

import type { NodeListener, OpenTarget } from "./target.ts";
import { openUrl } from "./url-target.ts";

/** Serves a Node request listener on a free port of 127.0.0.1 until it is closed, and sends to it over HTTP. */
export async function openListener(listener: NodeListener, usualPath: string): Promise<OpenTarget> {
  const server = createServer((request, response) => {
    listener(request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  return {
    ...openListening(server, usualPath),
    close: async () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        // A connection that is kept alive would keep the test's process alive with it.
        server.closeAllConnections();
      }),
  };
}

/** Sends to a Node server: to its port if it listens, else through a port of our own, so that its state stays as it is. */
export async function openServer(server: Server, usualPath: string): Promise<OpenTarget> {
  if (server.listening) return openListening(server, usualPath);
  return openListener((request, response) => server.emit("request", request, response), usualPath);
}

function openListening(server: Server, usualPath: string): OpenTarget {
  const address = server.address();
  if (typeof address !== "object" || address === null) {
    throw new ConfigError("ERR_OPTION_INVALID", "The server does not listen on a TCP port.", {
      help: "Give the server before it listens, or let it listen on a port of 127.0.0.1.",
    });
  }
  return openUrl(new URL(usualPath, `http://${hostOf(address.address)}:${address.port}`));
}

/** The address to reach a server by. One that listens on every interface is reached by loopback. */
function hostOf(address: string): string {
  if (address === "::" || address === "0.0.0.0") return "127.0.0.1";
  return address.includes(":") ? `[${address}]` : address;
}
