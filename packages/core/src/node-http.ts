import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest } from "node:http2";

import type { ByteSource, IncomingBody, IncomingDelivery } from "./delivery.ts";
import { toIncomingDelivery } from "./incoming-delivery.ts";
import { withoutMessage } from "./printable.ts";
import type { Reply } from "./reply.ts";

/** What an adapter for a framework on Node knows better than the request itself. */
export interface NodeRequest {
  /** Path and query as received, where the framework rewrites `request.url`. */
  readonly url?: string;
  /** The exact bytes of the body, where the framework has read and kept them. Default: the request's own stream. */
  readonly body?: IncomingBody | undefined;
  /** What the developer should change when somebody else has read the stream, naming the line to move. */
  readonly adviceIfConsumed?: () => string;
}

/** Makes the argument of `receive` from a request of `node:http`. Reads nothing of its body yet. */
export function readNodeRequest(request: IncomingMessage, known: NodeRequest = {}): IncomingDelivery {
  const body =
    known.body ?? (isConsumed(request) ? { consumed: (known.adviceIfConsumed ?? advice)() } : streamSource(request));
  const head = {
    method: request.method ?? "",
    url: known.url ?? request.url ?? "/",
    remoteAddress: request.socket.remoteAddress,
    body,
  };
  // Made by no parser of Node: what runs an app of Express or Koa on Lambda sets the list of headers alone.
  if (request.rawHeaders.length === 0) return { ...toIncomingDelivery({ headers: request.headers, body }), ...head };
  return {
    ...head,
    headerValues: (name) => valuesOf(request.rawHeaders, name),
    headerNames: () => request.rawHeaders.filter((_text, index) => index % 2 === 0),
  };
}

/** How long a sender that was refused half way may go on sending, so that it comes to read its reply. */
const lingerMs = 2_000;

/**
 * Writes a reply of `receive` to a response of `node:http`. Does nothing when the sender has gone or has its answer. Where
 * the app has made it impossible to write, the connection is cut, so that the platform sends again.
 */
export function writeNodeReply(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
  if (response.writableEnded || response.destroyed) return;
  try {
    if (response.headersSent) throw new Error("The headers had been sent before.");
    write(request, response, reply);
  } catch (cause) {
    // Nobody awaits the listener of a server: thrown on, this would end the process at any stranger's request.
    warnOfFailure(cause);
    response.destroy();
  }
}

function write(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
  // A server with `rejectNonStandardBodyWrites` throws at a body for HEAD.
  const body = request.method === "HEAD" ? undefined : reply.body;
  const isAllSent = isComplete(request);
  // What was refused unread is not worth reading on: without this, Node would take in all of it to keep the connection.
  // HTTP/2 has no such header, and Node warns of it.
  if (!isAllSent && request.httpVersionMajor < 2) response.setHeader("connection", "close");
  // Set with a status that the app meant, such as Koa's, it would stand beside ours. HTTP/2 has none, and no setter.
  if (request.httpVersionMajor < 2) response.statusMessage = "";
  // Set for a body that the app meant: beside a length, clients take them for an attack.
  for (const name of ["transfer-encoding", "trailer"]) if (response.hasHeader(name)) response.removeHeader(name);
  response.writeHead(reply.status, { ...reply.headers, "content-length": Buffer.byteLength(reply.body) });
  if (isAllSent || body === undefined) {
    response.end(body);
  } else {
    response.write(body);
    endLater(request, response);
  }
}

function warnOfFailure(cause: unknown): void {
  // What middleware throws may quote what it was working on.
  process.emitWarning(`A reply could not be written, and the connection was cut: ${withoutMessage(cause).message}`, {
    type: "HooklatchWarning",
    code: "HOOKLATCH_REPLY_FAILED",
    detail: "Something in the app before the receiver has sent headers already, or replaced a method of the response.",
  });
}

/** Requests that no parser of Node made, such as those of Fastify's `app.inject()`, have their end and no `complete`. */
function isComplete(request: IncomingMessage): boolean {
  return request.complete || request.readableEnded;
}

/**
 * Ends the connection once the sender has sent everything, has gone, or has had its time. Closed at once, while bytes
 * are still coming, TCP answers them with a reset, and many a client then reports that instead of the reply.
 */
function endLater(request: IncomingMessage, response: ServerResponse): void {
  const end = (): void => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(end, lingerMs).unref();
  request.once("end", end).once("close", end).resume();
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

/** Whether the stream no longer gives the exact bytes: read before, at its end, or decoding to text. */
function isConsumed(request: IncomingMessage): boolean {
  const isEnded = request.readableEnded && !isCutOff(request);
  return request.readableDidRead || isEnded || request.readableEncoding !== null;
}

/** Over HTTP/2 a body that was cut off has its end as well, and nobody has read it. */
function isCutOff(request: Pick<Http2ServerRequest, "aborted" | "httpVersionMajor">): boolean {
  return request.httpVersionMajor >= 2 && request.aborted;
}

function advice(): string {
  return "Call the receiver before anything else reads the request, or hand it the exact bytes.";
}

function streamSource(request: IncomingMessage): ByteSource {
  let detach = (): void => {};
  return {
    start(sink) {
      const end = (): void => {
        detach();
        sink.end();
      };
      const fail = (cause: unknown): void => {
        detach();
        sink.fail(cause);
      };
      const close = (): void => fail(new Error("The connection was closed."));
      detach = () => {
        request.off("data", sink.chunk).off("end", end).off("error", fail).off("close", close);
      };
      request.on("data", sink.chunk).on("end", end).on("error", fail).on("close", close);
      if (request.destroyed || isCutOff(request)) close();
    },
    stop() {
      detach();
      request.pause();
    },
  };
}
