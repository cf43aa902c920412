import type { IncomingMessage, ServerResponse } from "node:http";

import type { Receiver } from "@hooklatch/core";
import { ConfigError } from "@hooklatch/core/errors";
import { readNodeRequest, writeNodeReply } from "@hooklatch/core/node";

/** What Express and its body parsers add to a request of `node:http`. */
export interface ExpressRequest extends IncomingMessage {
  /** The URL before routers cut their mount path off. */
  readonly originalUrl?: string;
  readonly body?: unknown;
  /** The route that matched, with its pattern. */
  readonly route?: { readonly path?: unknown };
  /** The exact bytes, where {@link keepRawBody} or a platform such as Cloud Functions kept them. */
  rawBody?: unknown;
}

/** A request handler for Express 4 and 5. */
export type ExpressHandler = (request: ExpressRequest, response: ServerResponse) => void;

/**
 * Mounts a receiver in an Express app, on any route or router. Best before `express.json()`; after it, give that
 * parser {@link keepRawBody}.
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID` when it is given something else
 */
export function toExpress(receiver: Pick<Receiver, "receive">): ExpressHandler {
  if (typeof receiver?.receive !== "function") {
    throw new ConfigError("ERR_OPTION_INVALID", "toExpress: that is not a receiver; make one with createReceiver().");
  }
  return (request, response) => {
    const incoming = readNodeRequest(request, {
      url: request.originalUrl ?? request.url ?? "/",
      body: savedBytes(request),
      adviceIfConsumed: () => adviceFor(request),
    });
    void receiver.receive(incoming).then((result) => writeNodeReply(request, response, result.reply));
  };
}

/** Keeps the exact bytes when a parser stands before Hooklatch: `express.json({ verify: keepRawBody })`. */
export function keepRawBody(request: ExpressRequest, _response: ServerResponse, bytes: Uint8Array): void {
  request.rawBody = bytes;
}

/** The exact bytes, where the host has read them and kept them. */
function savedBytes({ rawBody, body }: ExpressRequest): Uint8Array | undefined {
  if (rawBody instanceof Uint8Array) return rawBody;
  return body instanceof Uint8Array ? body : undefined; // express.raw()
}

function adviceFor({ route }: ExpressRequest): string {
  // The route's pattern and not the address: some platforms have their secret there, and this reaches the log.
  const line =
    typeof route?.path === "string" ? `post(${JSON.stringify(route.path)}, toExpress(…))` : "use(toExpress(…))";
  return (
    `Move the line ${line} above app.use(express.json()), ` +
    "or write app.use(express.json({ verify: keepRawBody })) with keepRawBody from @hooklatch/express."
  );
}
