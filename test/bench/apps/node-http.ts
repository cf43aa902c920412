import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, RequestListener, Server } from "node:http";

import { toNodeListener } from "@hooklatch/core/node";

import type { Answer } from "./app.ts";

/** Node's own server. */
export async function startNodeHttp(answer: Answer): Promise<Server> {
  const server = createServer(toListener(answer)).listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

function toListener(answer: Answer): RequestListener {
  if (answer.kind === "receiver") return toNodeListener(answer.receiver);
  const { kind } = answer;
  return (request, response) => {
    void readBody(request).then((body) => {
      response.writeHead(kind === "bare" ? 200 : answer.verify(body, request.headers)).end("OK");
    });
  };
}

/** As Node's own guides do it. */
export function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => resolve(Buffer.concat(chunks))).on("error", reject);
  });
}
