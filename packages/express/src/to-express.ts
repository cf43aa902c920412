import type { IncomingMessage, ServerResponse } from "node:http";

import type { IncomingBody, Receiver } from "@hooklatch/core";
import { readNodeRequest, writeNodeReply } from "@hooklatch/core/node";

/** What Express and its body parsers add to a request of `node:http`. */
export interface ExpressRequest extends IncomingMessage {
  /** The URL before routers cut their mount path off. */
  readonly originalUrl?: string;
  readonly body?: unknown;
  /** The exact bytes, where {@link keepRawBody} or a platform such as Cloud Functions kept them. */
  rawBody?: unknown;
}

/** A request handler for Express 4 and 5. */
export type ExpressHandler = (request: ExpressRequest, response: ServerResponse) => void;

/**
 * Mounts a receiver in an Express app, on any route or router. Best before `express.json()`; after it, give that
 * parser {@link keepRawBody}.
 */
export function toExpress(receiver: Pick<Receiver, "receive">): ExpressHandler {
  return (request, response) => {
    const incoming = readNodeRequest(request, {
      url: request.originalUrl ?? request.url ?? "/",
      body: bodyOf(request),
    });
    void receiver.receive(incoming).then((result) => writeNodeReply(request, response, result.reply));
  };
}

/** Keeps the exact bytes when a parser stands before Hooklatch: `express.json({ verify: keepRawBody })`. */
export function keepRawBody(request: ExpressRequest, _response: ServerResponse, bytes: Uint8Array): void {
  request.rawBody = bytes;
}

/** The bytes that the host saved, or the news that it has eaten them; undefined while the stream is untouched. */
function bodyOf(request: ExpressRequest): IncomingBody | undefined {
  if (request.rawBody instanceof Uint8Array) return request.rawBody;
  if (request.body instanceof Uint8Array) return request.body; // express.raw()
  return request.readableDidRead ? { consumed: adviceFor(request) } : undefined;
}

function adviceFor({ originalUrl = "/" }: ExpressRequest): string {
  const path = originalUrl.split("?", 1)[0];
  return (
    `Move app.post(${JSON.stringify(path)}, toExpress(…)) above app.use(express.json()), ` +
    "or write app.use(express.json({ verify: keepRawBody })) with keepRawBody from @hooklatch/express."
  );
}
