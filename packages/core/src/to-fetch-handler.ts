import type { ByteSink, ByteSource, IncomingBody, IncomingDelivery } from "./delivery.ts";
import { ConfigError } from "./errors.ts";
import type { Receiver } from "./receiver.ts";

/** What the host of a fetch-style handler knows beside the request. A host's own context with more in it will do. */
export interface FetchContext {
  /** The sender's address. A `Request` does not tell it. */
  readonly remoteAddress?: string | undefined;
  /**
   * Keeps the work alive when the sender goes away before its reply, on hosts that would end it, such as Cloudflare
   * Workers.
   */
  waitUntil?(work: Promise<unknown>): void;
}

/** A handler in the style of `fetch`: Hono, Next.js route handlers, Bun, Deno and Cloudflare Workers call such a function. */
export type FetchHandler = (request: Request, context?: FetchContext) => Promise<Response>;

/**
 * Makes a fetch-style handler. It answers every request that it is given: look at the path before.
 *
 * A `Headers` object joins a header that came twice into one value. Most schemes then find no signature in it; one that
 * takes a list of signatures accepts a good one among them. Nothing can be forged by that.
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID` when it is given something else than a receiver
 */
export function toFetchHandler(receiver: Pick<Receiver, "receive">): FetchHandler {
  if (typeof receiver?.receive !== "function") {
    throw new ConfigError(
      "ERR_OPTION_INVALID",
      "toFetchHandler: that is not a receiver; make one with createReceiver().",
    );
  }
  // One parameter by its length: the mock sender takes a function with two for a listener of Node.
  return async (request, ...[context]) => {
    const work = receiver.receive(readFetchRequest(request, context?.remoteAddress));
    context?.waitUntil?.(work);
    const { reply } = await work;
    // Null also for an empty body: the standard has no Response of 204 or 304 with one, not even with that.
    const body = request.method === "HEAD" || reply.body === "" ? null : reply.body;
    return new Response(body, { status: reply.status, headers: reply.headers });
  };
}

function readFetchRequest(request: Request, remoteAddress: string | undefined): IncomingDelivery {
  const { headers } = request;
  return {
    method: request.method,
    url: pathAndQuery(request.url),
    remoteAddress,
    body: readBody(request),
    headerValues(name) {
      const value = headers.get(name);
      return value === null ? [] : [value];
    },
    headerNames: () => [...headers.keys()],
  };
}

/** Cut out and not parsed: a secret may stand there, letter for letter. */
function pathAndQuery(url: string): string {
  const [, found = ""] = /^[^/?#]*\/\/[^/?#]*([^#]*)/.exec(url) ?? [];
  return found.startsWith("/") ? found : `/${found}`;
}

function readBody({ body, bodyUsed }: Request): IncomingBody {
  if (bodyUsed || body?.locked === true) {
    return {
      consumed: "Call the handler before request.json(), request.text() and the like, or give it request.clone().",
    };
  }
  return body === null ? new Uint8Array() : streamSource(body);
}

function streamSource(stream: ReadableStream<Uint8Array>): ByteSource {
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  let isStopped = false;

  async function pump(from: ReadableStreamDefaultReader<Uint8Array>, sink: ByteSink): Promise<void> {
    for (;;) {
      const { done, value } = await from.read();
      if (isStopped) return;
      if (done) break;
      // A stream may hand on anything; only bytes can be proven.
      if (!(value instanceof Uint8Array)) throw new TypeError("The request's stream gave something else than bytes.");
      sink.chunk(value);
    }
    sink.end();
  }

  return {
    start(sink) {
      reader = stream.getReader();
      pump(reader, sink).catch((cause: unknown) => {
        if (!isStopped) sink.fail(cause);
      });
    },
    stop() {
      isStopped = true;
      // The sender may be gone already, and nobody is left to be told.
      reader?.cancel().catch(() => {});
    },
  };
}
