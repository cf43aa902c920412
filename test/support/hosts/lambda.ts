import type { AdapterHost, AdapterMount } from "@hooklatch/conformance/adapter";
import { toLambda } from "@hooklatch/lambda";
import type { LambdaEvent, LambdaHandler, LambdaResult } from "@hooklatch/lambda";

import { createGateway } from "../lambda-gateway.ts";
import type { GatewayKind } from "../lambda-gateway.ts";
import { serve } from "./serve.ts";

/** A function behind a REST API with `binaryMediaTypes: ["*\/*"]`: payload format 1.0, every body in base64. */
export const lambdaV1Host = toHost("Lambda v1", "rest");

/** A function behind an HTTP API: payload format 2.0, which function URLs have too. JSON is handed on as text. */
export const lambdaV2Host = toHost("Lambda v2", "http");

function toHost(name: string, kind: GatewayKind): AdapterHost {
  return { name, start: async (mounts) => serve(createGateway(kind, createFunction(mounts))) };
}

/** One function that looks at the path and hands on to the receivers. */
function createFunction(mounts: readonly AdapterMount[]): LambdaHandler {
  if (mounts.some(({ behind }) => behind !== undefined)) throw new Error("A function has no body parser.");
  const handlers = new Map(mounts.map(({ path, receiver }) => [path, toLambda(receiver)]));
  return async (event) => {
    const [method, path] =
      "rawPath" in event ? [event.requestContext.http.method, event.rawPath] : [event.httpMethod, event.path];
    const handler = handlers.get(path);
    if (handler !== undefined) return handler(event);
    const route = own.get(`${method} ${path}`);
    if (route === undefined) return answer(404, "not found");
    return route(event).catch(() => answer(418, '{"own":"error"}'));
  };
}

const own = new Map<string, LambdaHandler>([
  ["GET /own/hello", async () => answer(200, "hello")],
  ["GET /own/fail", () => Promise.reject(new Error("a failure of the app's own"))],
  [
    "POST /own/echo",
    async ({ body, isBase64Encoded }: LambdaEvent) => {
      const text = Buffer.from(body ?? "", isBase64Encoded ? "base64" : "utf8").toString();
      return answer(200, JSON.stringify({ own: JSON.parse(text) as unknown }));
    },
  ],
]);

function answer(statusCode: number, body: string): LambdaResult {
  return { statusCode, headers: { "content-type": "text/plain" }, body, isBase64Encoded: false };
}
