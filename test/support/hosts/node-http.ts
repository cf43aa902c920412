import { createServer } from "node:http";
import type { RequestListener } from "node:http";

import type { AdapterHost, AdapterMount } from "@hooklatch/conformance/adapter";
import { toNodeListener } from "@hooklatch/core/node";

import { serve } from "./serve.ts";

/** Node's own server, with a path switch in front of the receivers. */
export const nodeHttpHost: AdapterHost = {
  name: "node:http",
  start: async (mounts) => serve(createServer(createApp(mounts))),
};

function createApp(mounts: readonly AdapterMount[]): RequestListener {
  if (mounts.some(({ behind }) => behind !== undefined)) throw new Error("node:http has no body parser.");
  const listeners = new Map(mounts.map(({ path, receiver }) => [path, toNodeListener(receiver)]));
  return (request, response) => {
    const [path = ""] = request.url?.split("?", 1) ?? [];
    const listener = listeners.get(path) ?? own.get(`${request.method} ${path}`);
    if (listener === undefined) response.writeHead(404).end("not found");
    else listener(request, response);
  };
}

const own = new Map<string, RequestListener>([
  ["GET /own/hello", (_request, response) => void response.end("hello")],
  ["GET /own/fail", (_request, response) => void response.writeHead(418).end('{"own":"error"}')],
  [
    "POST /own/echo",
    async (request, response) => {
      const chunks = await request.toArray();
      response.end(`{"own":${Buffer.concat(chunks).toString()}}`);
    },
  ],
]);
