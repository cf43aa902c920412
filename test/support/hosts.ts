import { createServer } from "node:http";
import type { RequestListener, Server } from "node:http";
import type { AddressInfo } from "node:net";

import type { Receiver } from "@hooklatch/core";
import { readNodeRequest, writeNodeReply } from "@hooklatch/core/node";
import { keepRawBody, toExpress } from "@hooklatch/express";
import express5 from "express";
import express4 from "express4";

// Every host mounts its receiver on this path, for all methods.
const hookPath = "/hook";

/** A web framework with a receiver mounted by our adapter for it. */
export interface Host {
  readonly name: string;
  start(receiver: Pick<Receiver, "receive">): Promise<RunningHost>;
}

/** A host that listens on a free port of 127.0.0.1. */
export interface RunningHost {
  /** Where the receiver is mounted. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** The hosts that give the receiver the request's own stream. An adapter is added here to go through every attack. */
export const hosts: readonly Host[] = [
  { name: "Express 5", start: (receiver) => listen(express5().all(hookPath, toExpress(receiver))) },
  { name: "Express 4", start: (receiver) => listen(express4().all(hookPath, toExpress(receiver))) },
  { name: "node:http", start: (receiver) => listen(toListener(receiver)) },
];

/** The hosts that have read the body already and hand over the bytes they kept. */
export const hostsBehindParser: readonly Host[] = [
  {
    name: "Express 5 after express.json",
    start: (receiver) =>
      listen(
        express5()
          .use(express5.json({ verify: keepRawBody, strict: false }))
          .all(hookPath, toExpress(receiver)),
      ),
  },
  {
    name: "Express 4 after express.raw",
    start: (receiver) =>
      listen(
        express4()
          .use(express4.raw({ type: "*/*" }))
          .all(hookPath, toExpress(receiver)),
      ),
  },
];

/** Has a request listener serve a free port of 127.0.0.1. */
export async function listen(listener: RequestListener | Server): Promise<RunningHost> {
  const server = typeof listener === "function" ? createServer(listener) : listener;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A server that listens on TCP has an address of this kind.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${hookPath}`,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function toListener(receiver: Pick<Receiver, "receive">): RequestListener {
  return (request, response) => {
    void receiver.receive(readNodeRequest(request)).then(({ reply }) => writeNodeReply(request, response, reply));
  };
}
