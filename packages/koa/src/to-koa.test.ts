import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";

import type { IncomingDelivery, Result } from "@hooklatch/core";
import { describe, expect, test, vi } from "vitest";

import { toKoa } from "./to-koa.ts";
import type { KoaContext } from "./to-koa.ts";

const result: Result = { outcome: "handled", reply: { status: 200, headers: { "x-by": "us" }, body: "done" } };

/** What parsers and routers left on a context, and what the sender said of the body. */
interface Left {
  readonly rawBody?: unknown;
  readonly body?: unknown;
  readonly nodeRawBody?: unknown;
  readonly route?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether somebody has read the stream. */
  readonly isRead?: boolean;
}

/** A context as Koa hands it on. */
function contextWith({ rawBody, body, nodeRawBody, route, headers = {}, isRead = false }: Left = {}): KoaContext {
  const req = new IncomingMessage(new Socket());
  Object.assign(req, { method: "POST", url: "/chip?a=1", complete: true, rawBody: nodeRawBody });
  if (isRead) {
    req.push("{}");
    req.read();
  }
  const res = new ServerResponse(req);
  return { req, res, originalUrl: "/webhooks/chip?a=1", request: { headers, body, rawBody }, _matchedRoute: route };
}

/** What the receiver is handed for a context. */
function incomingOf(left: Left = {}): IncomingDelivery {
  const receive = vi.fn(async (_incoming: IncomingDelivery) => result);
  void toKoa({ receive })(contextWith(left));
  expect(receive).toHaveBeenCalledOnce();
  return receive.mock.calls[0]?.[0] ?? expect.unreachable();
}

test("hands over the URL from before a mount path was cut off", () => {
  expect(incomingOf().url).toBe("/webhooks/chip?a=1");
});

test("hands over the stream when nobody has read it", () => {
  expect(incomingOf().body).toHaveProperty("start");
  // What parsers put there for a request that they do not take.
  expect(incomingOf({ body: {} }).body).toHaveProperty("start");
});

test("prefers bytes that were kept, wherever they are, to any text", () => {
  const bytes = Buffer.from([0xff]);
  expect(incomingOf({ rawBody: bytes, body: { a: 1 }, isRead: true }).body).toBe(bytes);
  expect(incomingOf({ nodeRawBody: bytes, rawBody: "text", isRead: true }).body).toBe(bytes);
  expect(incomingOf({ body: bytes, rawBody: "text", isRead: true }).body).toBe(bytes);
});

describe("the text that a parser kept", () => {
  const text = '{"a":"é🦊"}';
  const length = String(Buffer.byteLength(text));

  test.each([
    ["of the length that the sender declared", { rawBody: text, headers: { "content-length": length } }],
    ["without a declared length", { rawBody: text }],
    ["on Node's own request", { nodeRawBody: text, headers: { "content-length": length } }],
    ["with the encoding that changes nothing", { rawBody: text, headers: { "content-encoding": "Identity" } }],
  ])("is made bytes: %s", (_name, left) => {
    expect(incomingOf({ ...left, isRead: true }).body).toEqual(Buffer.from(text));
  });

  test("is made no bytes when it is empty and something was sent", () => {
    expect(incomingOf({ rawBody: "", isRead: true }).body).toEqual(Buffer.alloc(0));
    expect(incomingOf({ rawBody: "", headers: { "content-length": "2" }, isRead: true }).body).toHaveProperty(
      "consumed",
    );
  });

  test.each([
    ["it holds a replaced character", { rawBody: "a\ufffd" }],
    // Three bytes that are not UTF-8 became the three bytes of U+FFFD.
    ["the length does not show what was replaced", { rawBody: "\ufffd", headers: { "content-length": "3" } }],
    ["a byte order mark was dropped", { rawBody: "{}", headers: { "content-length": "5" } }],
    ["it is longer than what was sent", { rawBody: "{}", headers: { "content-length": "1" } }],
    [
      "the encoding changes nothing",
      { rawBody: "{}", headers: { "content-length": "5", "content-encoding": "Identity" } },
    ],
  ])("is no proof when %s", (_name, left) => {
    expect(incomingOf({ ...left, isRead: true }).body).toHaveProperty("consumed");
  });

  test("is handed over when a parser inflated it, as core refuses it for its header", () => {
    const headers = { "content-length": "25", "content-encoding": "gzip" };
    expect(incomingOf({ rawBody: "{}", headers, isRead: true }).body).toEqual(Buffer.from("{}"));
  });
});

test("never makes bytes of a parsed body, and names the line to move instead", () => {
  const advice =
    'Move the line app.use(router.routes()) with the route "/hook/:secret" above app.use(bodyParser()). ' +
    "Or set ctx.disableBodyParser = true for it in a middleware above koa-bodyparser or @koa/bodyparser. " +
    "These two, and koa-body with includeUnparsed: true, keep a text: it serves only where that is proof of the bytes, " +
    "which is UTF-8 without a byte order mark and without U+FFFD.";
  expect(advice.length).toBeLessThan(600); // where core cuts it
  expect(incomingOf({ body: { id: 1 }, route: "/hook/:secret", isRead: true }).body).toEqual({ consumed: advice });
  expect(incomingOf({ body: { id: 1 }, isRead: true }).body).toMatchObject({
    consumed: expect.stringContaining("Move the line app.use(toKoa(…)) above app.use(bodyParser())."),
  });
});

test("refuses what is not a receiver when the app starts", () => {
  // What a caller without types may do.
  const mount = toKoa as (receiver?: object) => unknown;
  expect(() => mount()).toThrow("toKoa: that is not a receiver");
  expect(() => mount({})).toThrow("toKoa: that is not a receiver");
});

test("writes the reply, and takes the request off Koa's hands only then", async () => {
  const context = contextWith();
  const { promise, resolve } = Promise.withResolvers<Result>();
  const done = toKoa({ receive: () => promise })(context);
  expect(context.respond).toBeUndefined();
  resolve(result);
  await done;
  expect(context.respond).toBe(false);
  expect(context.res.statusCode).toBe(200);
  expect(context.res.writableEnded).toBe(true);
});
