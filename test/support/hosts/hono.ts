import type { Server } from "node:http";

import { createAdaptorServer } from "@hono/node-server";
import { getConnInfo } from "@hono/node-server/conninfo";
import type { AdapterHost, AdapterMount } from "@hooklatch/conformance/adapter";
import { toFetchHandler } from "@hooklatch/core/fetch";
import { Hono } from "hono";

import { serve } from "./serve.ts";

/** Hono on Node: a host in the style of fetch over real sockets. */
export const honoHost: AdapterHost = {
  name: "Hono",
  async start(mounts) {
    if (mounts.some(({ behind }) => behind === "parser-that-keeps-bytes"))
      throw new Error("Hono keeps no exact bytes.");
    // Without options it makes a server of node:http.
    return serve(createAdaptorServer({ fetch: createApp(mounts).fetch }) as Server);
  },
};

function createApp(mounts: readonly AdapterMount[]): Hono {
  const app = new Hono();
  for (const { path, receiver, behind } of mounts) {
    const handle = toFetchHandler(receiver);
    app.all(path, async (context) => {
      if (behind === "parser") await context.req.json();
      return handle(context.req.raw, { remoteAddress: getConnInfo(context).remote.address });
    });
  }
  app.get("/own/hello", (context) => context.text("hello"));
  app.post("/own/echo", async (context) => context.json({ own: await context.req.json<unknown>() }));
  app.get("/own/fail", () => {
    throw new Error("a failure of the app's own");
  });
  app.onError((_error, context) => context.json({ own: "error" }, 418));
  return app;
}
