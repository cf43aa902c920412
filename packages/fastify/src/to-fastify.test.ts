import { IncomingMessage, ServerResponse } from "node:http";
import type { OutgoingHttpHeaders } from "node:http";
import { Socket } from "node:net";

import type { IncomingDelivery, Result } from "@hooklatch/core";
import { expect, test, vi } from "vitest";

import { toFastify, toFastifyPlugin } from "./to-fastify.ts";
import type { FastifyReplyParts, FastifyRequestParts } from "./to-fastify.ts";

const result: Result = { outcome: "handled", reply: { status: 200, headers: { "x-by": "us" }, body: "done" } };

/** What the app, its parsers and plugins left on a request. */
interface Left extends Partial<Omit<FastifyRequestParts, "raw">> {
  readonly nodeRawBody?: unknown;
  /** Whether somebody has read the stream. */
  readonly isRead?: boolean;
}

/** A request as Fastify hands it on. */
function requestWith({ nodeRawBody, isRead = false, ...left }: Left = {}): FastifyRequestParts {
  const raw = Object.assign(new IncomingMessage(new Socket()), { method: "POST", url: "/chip?a=1", complete: true });
  if (isRead) {
    raw.push("{}");
    raw.read();
  }
  return { raw: Object.assign(raw, { rawBody: nodeRawBody }), ...left };
}

/** A reply as Fastify hands it on, with what hooks have set. */
function replyTo({ raw }: FastifyRequestParts, headers: OutgoingHttpHeaders = {}) {
  return { raw: new ServerResponse(raw), getHeaders: () => headers, hijack: vi.fn() } satisfies FastifyReplyParts;
}

/** What the receiver is handed for a request. */
function incomingOf(left: Left = {}): IncomingDelivery {
  const receive = vi.fn(async (_incoming: IncomingDelivery) => result);
  const request = requestWith(left);
  toFastify({ receive }).handler(request, replyTo(request));
  expect(receive).toHaveBeenCalledOnce();
  return receive.mock.calls[0]?.[0] ?? expect.unreachable();
}

test("hands over the URL from before the app rewrote it", () => {
  expect(incomingOf({ originalUrl: "/webhooks/chip?a=1" }).url).toBe("/webhooks/chip?a=1");
  expect(incomingOf().url).toBe("/chip?a=1");
});

test("hands over the stream when nobody has read it", () => {
  expect(incomingOf().body).toHaveProperty("start");
  // What plugins and parsers put there before there is a body.
  expect(incomingOf({ rawBody: null, body: null }).body).toHaveProperty("start");
});

test("takes the bytes that were kept, wherever they are", () => {
  const [kept, sent, parsed] = [Buffer.from("kept"), Buffer.from("sent"), Buffer.from("parsed")];
  expect(incomingOf({ rawBody: kept, nodeRawBody: sent, body: parsed, isRead: true }).body).toBe(kept);
  expect(incomingOf({ nodeRawBody: sent, body: parsed, isRead: true }).body).toBe(sent);
  expect(incomingOf({ body: parsed, isRead: true }).body).toBe(parsed);
});

test("never makes bytes of a text or of a parsed body, and names the line to move instead", () => {
  const advice =
    'Give the route "/hook/:secret" the whole of toFastify(…), not its handler alone, ' +
    "and let no onRequest hook above it read the stream. Where other hooks must run first, " +
    "register fastify-raw-body with { encoding: false, runFirst: true } and give the route " +
    'config: { rawBody: true }, or give it a content type parser with { parseAs: "buffer" }.';
  expect(advice.length).toBeLessThan(600); // where core cuts it
  const routeOptions = { url: "/hook/:secret" };
  for (const left of [{ rawBody: "{}" }, { nodeRawBody: "{}" }, { body: "{}" }, { body: { id: 1 } }]) {
    expect(incomingOf({ ...left, routeOptions, isRead: true }).body).toEqual({ consumed: advice });
  }
  expect(incomingOf({ isRead: true }).body).toMatchObject({
    consumed: expect.stringMatching(/^Give the route the whole/),
  });
});

test("takes the request over at once, and keeps what hooks have set for the reply", async () => {
  const request = requestWith();
  const cookies = ["a=1", "b=2"];
  const reply = replyTo(request, { "x-request-id": 7, "set-cookie": cookies, "x-by": "the app", "x-none": undefined });
  toFastify({ receive: async () => result }).onRequest(request, reply);
  expect(reply.hijack).toHaveBeenCalledOnce();
  await vi.waitFor(() => expect(reply.raw.writableEnded).toBe(true));
  expect(reply.raw.statusCode).toBe(200);
  expect(reply.raw.getHeaders()).toEqual({
    "x-request-id": 7,
    "set-cookie": cookies,
    "x-by": "us",
    "content-length": 4,
  });
});

test("makes a plugin that mounts the receiver where its prefix is", () => {
  const all = vi.fn();
  const done = vi.fn();
  toFastifyPlugin({ receive: async () => result })({ all }, {}, done);
  expect(all).toHaveBeenCalledExactlyOnceWith("/", { onRequest: expect.any(Function), handler: expect.any(Function) });
  expect(done).toHaveBeenCalledExactlyOnceWith();
});

test("refuses what is not a receiver when the app starts", () => {
  for (const make of [toFastify, toFastifyPlugin]) {
    // What a caller without types may do.
    const mount = make as (receiver?: object) => unknown;
    expect(() => mount()).toThrow("toFastify: that is not a receiver");
    expect(() => mount({})).toThrow("toFastify: that is not a receiver");
  }
});
