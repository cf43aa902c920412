import type { IncomingMessage, ServerResponse } from "node:http";

import { readNodeRequest, writeNodeReply } from "@hooklatch/core/node";

import type { ReceiverMount } from "./hooklatch-options.ts";

/** A request of `node:http`, with what Express, Fastify's middie and body parsers add. */
export interface NestRequest extends IncomingMessage {
  /** The URL before routers cut their mount path off. */
  readonly originalUrl?: string;
  readonly body?: unknown;
  /** The exact bytes, where a parser or the platform kept them. */
  readonly rawBody?: unknown;
}

/** What both platforms of Nest take for a middleware. */
export type NestMiddleware = (request: NestRequest, response: ServerResponse, next: () => void) => void;

/** Hands requests for exactly the path of a receiver to that receiver, whatever their method, and all others on. */
export function toNestMiddleware(mounts: readonly ReceiverMount[]): NestMiddleware {
  const receivers = new Map(mounts.map(({ path, receiver }) => [path, receiver]));
  return (request, response, next) => {
    const url = request.originalUrl ?? request.url ?? "/";
    const [path = ""] = url.split("?", 1);
    const receiver = receivers.get(path);
    if (receiver === undefined) {
      next();
      return;
    }
    const incoming = readNodeRequest(request, { url, body: savedBytes(request), adviceIfConsumed: () => advice });
    void receiver.receive(incoming).then((result) => writeNodeReply(request, response, result.reply));
  };
}

/** The exact bytes, where the app that Nest was given has read them and kept them. */
function savedBytes({ rawBody, body }: NestRequest): Uint8Array | undefined {
  if (rawBody instanceof Uint8Array) return rawBody;
  return body instanceof Uint8Array ? body : undefined; // express.raw()
}

const advice =
  "HooklatchModule stands before Nest's own body parser; this one stands before Nest. Move its line below " +
  "NestFactory.create(), or have it keep the bytes: " +
  "express.json({ verify: (request, _response, bytes) => { request.rawBody = bytes; } }).";
