import type { IncomingMessage, Server, ServerResponse } from "node:http";

import type { IncomingDelivery, Reply, Result } from "@hooklatch/core";
import type { ErrorCode, Outcome } from "@hooklatch/core/errors";

import type { MockRequest } from "../mock-request.ts";

/**
 * Where deliveries go.
 *
 * - an address of a running app: a string or a `URL`
 * - a receiver, without any HTTP
 * - a Node request listener with two parameters or more: an Express app, `app.callback()` of Koa, what `toExpress` makes
 * - a Node server, listening or not
 * - an object with a `fetch` method: a Hono app, a Workers or Bun module
 * - a function that takes a `Request` alone and answers with a `Response`
 */
export type Target = string | URL | ReceiverTarget | NodeListener | Server | FetchTarget | FetchFunction;

/** A receiver, as far as a mock sender needs it. */
export interface ReceiverTarget {
  receive(incoming: IncomingDelivery): Promise<Result>;
}

/** A Node request listener. MUST take two parameters or more: that is how it is told from a {@link FetchFunction}. */
export type NodeListener = (request: IncomingMessage, response: ServerResponse) => unknown;

/** An app in the fetch style, such as a Hono app. */
export interface FetchTarget {
  fetch(request: Request): Response | Promise<Response>;
}

/** A fetch-style handler. MUST take one parameter; wrap one that takes more as `{ fetch: (request) => … }`. */
export type FetchFunction = (request: Request) => Response | Promise<Response>;

/** A target that is ready for deliveries. */
export interface OpenTarget {
  /** The full address for a path; without one the target's own address, or the platform's usual path on it. */
  urlFor(path: string | undefined): string;
  deliver(request: MockRequest): Promise<Answer>;
  /** Stops what was started for it, and nothing else. */
  close(): Promise<void>;
}

/** What a target answered to one delivery. */
export interface Answer {
  readonly reply: Reply;
  /** What became of the delivery; `undefined` when the reply is not one of Hooklatch's. */
  readonly outcome: Outcome | undefined;
  /** Why it was not accepted. */
  readonly code: ErrorCode | undefined;
}
