import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";

import type { Receiver } from "@hooklatch/core";
import { ConfigError } from "@hooklatch/core/errors";
import { readNodeRequest, writeNodeReply } from "@hooklatch/core/node";

/** The parts of Koa's context that a receiver needs, with what body parsers and `@koa/router` leave there. */
export interface KoaContext {
  readonly req: IncomingMessage & { readonly rawBody?: unknown };
  readonly res: ServerResponse;
  /** The URL before a mount path was cut off. */
  readonly originalUrl: string;
  readonly request: { readonly headers: IncomingHttpHeaders; readonly body?: unknown; readonly rawBody?: unknown };
  /** The pattern of the route that matched. */
  readonly _matchedRoute?: unknown;
  /** `false` tells Koa that the request was answered. */
  respond?: boolean | undefined;
}

/** A middleware for Koa 3 and 2, also for a route of `@koa/router`. It calls no `next()`. */
export type KoaMiddleware = (context: KoaContext) => Promise<void>;

/**
 * Mounts a receiver in a Koa app, on a route of `@koa/router` or as middleware. Best before the body parser; after it,
 * bodies are taken whose text the parser kept and lost nothing of.
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID` when it is given something else
 */
export function toKoa(receiver: Pick<Receiver, "receive">): KoaMiddleware {
  if (typeof receiver?.receive !== "function") {
    throw new ConfigError("ERR_OPTION_INVALID", "toKoa: that is not a receiver; make one with createReceiver().");
  }
  return async (context) => {
    const { req: request, res: response } = context;
    const incoming = readNodeRequest(request, {
      url: context.originalUrl,
      body: savedBytes(context),
      adviceIfConsumed: () => adviceFor(context),
    });
    const { reply } = await receiver.receive(incoming);
    // Not sooner: an app that gives up on slow requests still answers with its own means.
    context.respond = false;
    writeNodeReply(request, response, reply);
  };
}

/** The exact bytes, where a parser or the platform has read them and kept them, or kept a text that proves them. */
function savedBytes({ req, request }: KoaContext): Uint8Array | undefined {
  const kept = [request.rawBody, req.rawBody, request.body].find((value) => value instanceof Uint8Array);
  if (kept !== undefined) return kept;
  const { rawBody = req.rawBody, headers } = request;
  return typeof rawBody === "string" ? bytesOf(rawBody, headers) : undefined;
}

/** The bytes that a parser made a text of, unless it may have lost some. */
function bytesOf(text: string, headers: IncomingHttpHeaders): Uint8Array | undefined {
  const bytes = Buffer.from(text);
  const { "content-length": length, "content-encoding": encoding = "identity" } = headers;
  // Inflated by the parser. Core refuses it for this header, and then the sender must act and not the developer.
  if (encoding.toLowerCase() !== "identity") return bytes;
  // A decoder puts U+FFFD for what is no UTF-8. It drops a byte order mark, which shows in the length alone.
  const isExact = !text.includes("\u{FFFD}") && (length === undefined || Number(length) === bytes.byteLength);
  return isExact ? bytes : undefined;
}

function adviceFor({ _matchedRoute: route }: KoaContext): string {
  // The route's pattern and not the address: some platforms have their secret there, and this reaches the log.
  const line =
    typeof route === "string"
      ? `app.use(router.routes()) with the route ${JSON.stringify(route)}`
      : "app.use(toKoa(…))";
  return (
    `Move the line ${line} above app.use(bodyParser()). Or set ctx.disableBodyParser = true for it in a middleware ` +
    "above koa-bodyparser or @koa/bodyparser. These two, and koa-body with includeUnparsed: true, keep a text: it serves " +
    "only where that is proof of the bytes, which is UTF-8 without a byte order mark and without U+FFFD."
  );
}
