import { once } from "node:events";
import type { Server } from "node:http";

import { Router } from "@koa/router";
import { toKoa } from "@hooklatch/koa";
import Koa from "koa";

import { path } from "./app.ts";
import type { Answer } from "./app.ts";
import { readBody } from "./node-http.ts";

/** Koa 3 with its router. */
export async function startKoa(answer: Answer): Promise<Server> {
  const router = new Router();
  if (answer.kind === "receiver") {
    router.post(path, toKoa(answer.receiver));
  } else {
    router.post(path, async (context) => {
      const body = await readBody(context.req);
      context.status = answer.kind === "bare" ? 200 : answer.verify(body, context.req.headers);
      context.body = "OK";
    });
  }
  const server = new Koa().use(router.routes()).listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}
