import type { IncomingMessage, ServerResponse } from "node:http";

import type { ByteSource, IncomingBody, IncomingDelivery } from "./delivery.ts";
import type { Reply } from "./reply.ts";

/** What an adapter for a framework on Node knows better than the request itself. */
export interface NodeRequest {
  /** Path and query as received, where the framework rewrites `request.url`. */
  readonly url?: string;
  /** The body, where the framework has read it. Default: the request's own stream. */
  readonly body?: IncomingBody | undefined;
}

/** Makes the argument of `receive` from a request of `node:http`. Reads nothing of its body yet. */
export function readNodeRequest(request: IncomingMessage, known: NodeRequest = {}): IncomingDelivery {
  return {
    method: request.method ?? "",
    url: known.url ?? request.url ?? "/",
    remoteAddress: request.socket.remoteAddress,
    body: known.body ?? streamSource(request),
    headerValues: (name) => valuesOf(request.rawHeaders, name),
  };
}

/** Writes a reply of `receive` to a response of `node:http`. Does nothing when the sender has gone. */
export function writeNodeReply(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
  if (response.headersSent || response.destroyed) return;
  // What was refused unread is not worth reading on: without this, Node would take in all of it to keep the connection.
  if (!request.complete) response.setHeader("connection", "close");
  response.writeHead(reply.status, { ...reply.headers, "content-length": Buffer.byteLength(reply.body) });
  response.end(reply.body);
}

/** `request.headers` joins a repeated header into one value; only the raw list tells them apart. */
function valuesOf(rawHeaders: readonly string[], name: string): readonly string[] {
  const values: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const candidate = rawHeaders[index] ?? "";
    if (candidate.length === name.length && candidate.toLowerCase() === name) values.push(rawHeaders[index + 1] ?? "");
  }
  return values;
}

function streamSource(request: IncomingMessage): ByteSource {
  let detach = (): void => {};
  return {
    start(sink) {
      const onClose = (): void => sink.fail(new Error("The connection was closed."));
      detach = () => {
        request.off("data", sink.chunk).off("end", sink.end).off("error", sink.fail).off("close", onClose);
      };
      request.on("data", sink.chunk).on("end", sink.end).on("error", sink.fail).on("close", onClose);
      if (request.destroyed) onClose();
    },
    stop() {
      detach();
      request.pause();
    },
  };
}
