import type { IncomingMessage, OutgoingHttpHeader, ServerResponse } from "node:http";

import type { Receiver } from "@hooklatch/core";
import { ConfigError } from "@hooklatch/core/errors";
import { readNodeRequest, writeNodeReply } from "@hooklatch/core/node";

/** The parts of Fastify's request that a receiver needs, with what parsers and plugins leave there. */
export interface FastifyRequestParts {
  readonly raw: IncomingMessage & { readonly rawBody?: unknown };
  /** Path and query from before `rewriteUrl`. The first releases of Fastify 4 have none. */
  readonly originalUrl?: string;
  readonly body?: unknown;
  /** The exact bytes, where `fastify-raw-body` kept them with `encoding: false`. */
  readonly rawBody?: unknown;
  /** The route that matched, with its pattern. The first releases of Fastify 4 have none. */
  readonly routeOptions?: { readonly url?: string | undefined };
}

/** The parts of Fastify's reply that a receiver needs. */
export interface FastifyReplyParts {
  readonly raw: ServerResponse;
  /** What hooks have set for the reply so far. */
  getHeaders(): Readonly<Record<string, OutgoingHttpHeader | undefined>>;
  hijack(): unknown;
}

/** A handler of a route for Fastify 5 and 4, also a hook `onRequest`: it takes the request over and calls no `done()`. */
export type FastifyHandler = (request: FastifyRequestParts, reply: FastifyReplyParts) => void;

/** The options of a route, whole: `app.post("/hook", route)`. */
export interface FastifyRoute {
  /** Takes the request over before Fastify looks at its content type or reads its body. */
  readonly onRequest: FastifyHandler;
  /** The same, for a route that must run other hooks first. It stands after the parsers, which MUST keep the bytes. */
  readonly handler: FastifyHandler;
}

/** The part of a Fastify instance that the plugin needs. */
export interface FastifyScope {
  all(path: string, route: FastifyRoute): unknown;
}

/** A plugin for Fastify 5 and 4, encapsulated like any other. */
export type FastifyPlugin = (scope: FastifyScope, options: unknown, done: () => void) => void;

/**
 * Mounts a receiver on a route of a Fastify app: `app.post("/hook", toFastify(receiver))`. The app's content type
 * parsers do not touch such a route.
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID` when it is given something else
 */
export function toFastify(receiver: Pick<Receiver, "receive">): FastifyRoute {
  if (typeof receiver?.receive !== "function") {
    throw new ConfigError("ERR_OPTION_INVALID", "toFastify: that is not a receiver; make one with createReceiver().");
  }
  const handler: FastifyHandler = (request, reply) => {
    reply.hijack();
    // Fastify writes what hooks have set only when it replies itself.
    for (const [name, value] of Object.entries(reply.getHeaders())) {
      if (value !== undefined) reply.raw.setHeader(name, value);
    }
    const incoming = readNodeRequest(request.raw, {
      url: request.originalUrl ?? request.raw.url ?? "/",
      body: savedBytes(request),
      adviceIfConsumed: () => adviceFor(request),
    });
    void receiver.receive(incoming).then((result) => writeNodeReply(request.raw, reply.raw, result.reply));
  };
  return { onRequest: handler, handler };
}

/**
 * Makes a plugin that mounts a receiver at its prefix, for every method:
 * `app.register(toFastifyPlugin(receiver), { prefix: "/hook" })`.
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID` when it is given something else
 */
export function toFastifyPlugin(receiver: Pick<Receiver, "receive">): FastifyPlugin {
  const route = toFastify(receiver);
  return function hooklatch(scope, _options, done) {
    scope.all("/", route);
    done();
  };
}

/** The exact bytes, where a parser, a plugin or the platform has read them and kept them. A text is no proof of them. */
function savedBytes({ rawBody, raw, body }: FastifyRequestParts): Uint8Array | undefined {
  return [rawBody, raw.rawBody, body].find((value) => value instanceof Uint8Array);
}

function adviceFor({ routeOptions }: FastifyRequestParts): string {
  // The route's pattern and not the address: some platforms have their secret there, and this reaches the log.
  const route = routeOptions?.url === undefined ? "the route" : `the route ${JSON.stringify(routeOptions.url)}`;
  return (
    `Give ${route} the whole of toFastify(…), not its handler alone, and let no onRequest hook above it read the stream. ` +
    "Where other hooks must run first, register fastify-raw-body with { encoding: false, runFirst: true } and give the " +
    'route config: { rawBody: true }, or give it a content type parser with { parseAs: "buffer" }.'
  );
}
