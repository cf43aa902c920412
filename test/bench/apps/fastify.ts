import type { Server } from "node:http";

import { toFastify } from "@hooklatch/fastify";
import fastify from "fastify";
import type { FastifyRequest } from "fastify";

import { path } from "./app.ts";
import type { Answer } from "./app.ts";

/** Fastify 5, with a parser that keeps the bytes where there is no receiver. */
export async function startFastify(answer: Answer): Promise<Server> {
  const app = fastify();
  if (answer.kind === "receiver") {
    app.post(path, toFastify(answer.receiver));
  } else {
    app.addContentTypeParser("application/json", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
    app.post(path, ({ body, headers }: FastifyRequest<{ Body: Buffer }>, reply) => {
      void reply.code(answer.kind === "bare" ? 200 : answer.verify(body, headers)).send("OK");
    });
  }
  await app.listen({ port: 0, host: "127.0.0.1" });
  return app.server;
}
