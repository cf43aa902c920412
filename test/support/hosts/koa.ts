import type { RequestListener } from "node:http";

import type { AdapterHost, AdapterMount } from "@hooklatch/conformance/adapter";
import { toKoa } from "@hooklatch/koa";
import { Router } from "@koa/router";
import type { Middleware } from "koa";

import { bodyParser, koaBody, koaBodyparser } from "../koa-parsers.ts";
import { koaVersions } from "../koa-versions.ts";
import { serve } from "./serve.ts";

type KoaClass = (typeof koaVersions)[number]["Koa"];

/** Every supported major of Koa. */
export const koaHosts: readonly AdapterHost[] = koaVersions.map(({ name, Koa }) => ({
  name,
  start: (mounts) => serve(createApp(Koa, mounts)),
}));

function createApp(Koa: KoaClass, mounts: readonly AdapterMount[]): RequestListener {
  const parsers = {
    parser: koaBody({ jsonStrict: false }),
    // It keeps a text, which is all that Koa's parsers keep.
    "parser-that-keeps-bytes": bodyParser({ jsonStrict: false }),
  };
  const router = new Router();
  for (const { path, receiver, behind } of mounts) {
    if (behind !== undefined) router.use(path, parsers[behind]);
    router.all(path, toKoa(receiver));
  }
  router.get("/own/hello", (context) => void (context.body = "hello"));
  router.post("/own/echo", koaBodyparser(), (context) => void (context.body = { own: context.request.body }));
  router.get("/own/fail", () => {
    throw new Error("a failure of the app's own");
  });
  const app = new Koa();
  app.silent = true; // it writes broken connections to stderr, and the suites break many
  const listener = app.use(answerErrors).use(router.routes()).callback();
  return (request, response) => void listener(request, response);
}

/** The app's own error handler, which in Koa is a middleware in front of all. */
const answerErrors: Middleware = async (context, next) => {
  try {
    await next();
  } catch (error) {
    // Parsers say which status they mean; nothing else that is thrown here has one.
    context.status = (error as { readonly status?: number }).status ?? 418;
    context.body = { own: "error" };
  }
};
