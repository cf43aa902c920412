import { once } from "node:events";
import type { Server } from "node:http";

import { toExpress } from "@hooklatch/express";
import express from "express";
import type { Request, Response } from "express";

import { path } from "./app.ts";
import type { Answer } from "./app.ts";

/** Express 5, with `express.raw()` where there is no receiver. */
export async function startExpress(answer: Answer): Promise<Server> {
  const app = express();
  if (answer.kind === "receiver") {
    app.post(path, toExpress(answer.receiver));
  } else {
    app.post(path, express.raw({ type: "application/json" }), ({ body, headers }: RawRequest, response: Response) => {
      response.sendStatus(answer.kind === "bare" ? 200 : answer.verify(body, headers));
    });
  }
  const server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

type RawRequest = Request<unknown, unknown, Buffer>;
