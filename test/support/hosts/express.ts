import type { AdapterHost, AdapterMount } from "@hooklatch/conformance/adapter";
import { keepRawBody, toExpress } from "@hooklatch/express";
import type { ErrorRequestHandler } from "express";

import { expressVersions } from "../express-versions.ts";
import { serve } from "./serve.ts";

type ExpressFactory = (typeof expressVersions)[number]["express"];

/** Every supported major of Express. */
export const expressHosts: readonly AdapterHost[] = expressVersions.map(({ name, express }) => ({
  name,
  start: (mounts) => serve(createApp(express, mounts)),
}));

function createApp(express: ExpressFactory, mounts: readonly AdapterMount[]): ReturnType<ExpressFactory> {
  const app = express();
  const parsers = {
    parser: express.json({ strict: false }),
    "parser-that-keeps-bytes": express.json({ strict: false, verify: keepRawBody }),
  };
  for (const { path, receiver, behind } of mounts) {
    if (behind !== undefined) app.use(path, parsers[behind]);
    app.all(path, toExpress(receiver));
  }
  app.get("/own/hello", (_request, response) => void response.send("hello"));
  app.post("/own/echo", express.json(), (request, response) => void response.json({ own: request.body as unknown }));
  app.get("/own/fail", () => {
    throw new Error("a failure of the app's own");
  });
  // Express knows an error handler by its four parameters.
  const onError: ErrorRequestHandler = (error: { readonly status?: number }, _request, response, _next) => {
    response.status(error.status ?? 418).json({ own: "error" }); // parsers say which status they mean
  };
  return app.use(onError);
}
