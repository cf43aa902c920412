import type { AdapterHost, AdapterMount } from "@hooklatch/conformance/adapter";
import { toFastify } from "@hooklatch/fastify";
import type { FastifyInstance } from "fastify";

import { fastifyVersions } from "../fastify-versions.ts";
import { running } from "./serve.ts";

type FastifyVersion = (typeof fastifyVersions)[number];

/** Every supported major of Fastify. */
export const fastifyHosts: readonly AdapterHost[] = fastifyVersions.map((version) => ({
  name: version.name,
  async start(mounts) {
    const app = await createApp(version, mounts);
    await app.listen({ port: 0, host: "127.0.0.1" });
    return {
      ...running(app.server),
      stop: () => app.close(),
      kill() {
        const closed = app.close();
        app.server.closeAllConnections();
        return closed;
      },
    };
  },
}));

async function createApp(
  { fastify, rawBody }: FastifyVersion,
  mounts: readonly AdapterMount[],
): Promise<FastifyInstance> {
  const app = fastify();
  app.setErrorHandler((error: { readonly statusCode?: number }, _request, reply) => {
    void reply.code(error.statusCode ?? 418).send({ own: "error" }); // parsers say which status they mean
  });
  // It puts a JSON parser of its own into the whole app, so it is there only when it is asked for.
  if (mounts.some(({ behind }) => behind === "parser-that-keeps-bytes")) {
    await app.register(rawBody, { global: false, encoding: false, runFirst: true });
  }
  for (const { path, receiver, behind } of mounts) {
    const route = toFastify(receiver);
    if (behind === undefined) app.all(path, route);
    else app.all(path, { config: { rawBody: behind === "parser-that-keeps-bytes" } }, route.handler);
  }
  app.get("/own/hello", () => "hello");
  app.post("/own/echo", (request) => ({ own: request.body }));
  app.get("/own/fail", () => {
    throw new Error("a failure of the app's own");
  });
  return app;
}
