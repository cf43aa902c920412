import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";

import type { IncomingDelivery, Result } from "@hooklatch/core";
import { expect, test, vi } from "vitest";

import { toNestMiddleware } from "./to-nest-middleware.ts";
import type { NestRequest } from "./to-nest-middleware.ts";

const result: Result = { outcome: "handled", reply: { status: 200, headers: { "x-by": "us" }, body: "done" } };

function requestWith(left: Partial<NestRequest> = {}): NestRequest {
  const request = new IncomingMessage(new Socket());
  return Object.assign(request, { method: "POST", url: "/chip?a=1", complete: true }, left);
}

/** What the receiver at `/chip` is handed for a request, if it is handed anything. */
function incomingOf(request: NestRequest): IncomingDelivery | undefined {
  const receive = vi.fn(async (_incoming: IncomingDelivery) => result);
  const next = vi.fn();
  const receiver = { receive, on: () => undefined, close: async () => {} };
  toNestMiddleware([{ path: "/chip", receiver }])(request, new ServerResponse(request), next);
  expect(receive.mock.calls.length + next.mock.calls.length).toBe(1);
  return receive.mock.calls[0]?.[0];
}

test("takes exactly its path and hands on all others", () => {
  for (const url of ["/chip", "/chip?a=1", "/chip?/x"]) expect(incomingOf(requestWith({ url }))?.url).toBe(url);
  for (const url of ["/chip/", "/chip/a", "/CHIP", "/c%68ip", "/", "/x?/chip"]) {
    expect(incomingOf(requestWith({ url })), url).toBeUndefined();
  }
});

test("goes by the URL from before the routers cut it", () => {
  expect(incomingOf(requestWith({ originalUrl: "/chip?b=2", url: "/?b=2" }))?.url).toBe("/chip?b=2");
  expect(incomingOf(requestWith({ originalUrl: "/api/chip", url: "/chip" }))).toBeUndefined();
});

test("prefers the bytes that were kept, then those of express.raw(), then the stream", () => {
  const kept = Buffer.from("kept");
  const raw = Buffer.from("raw");
  expect(incomingOf(requestWith({ rawBody: kept, body: raw }))?.body).toBe(kept);
  expect(incomingOf(requestWith({ body: raw }))?.body).toBe(raw);
  expect(incomingOf(requestWith({ rawBody: "text", body: {} }))?.body).toHaveProperty("start");
});

test("never makes bytes of a parsed body, and names the line to move instead", () => {
  const request = requestWith({ body: { id: 1 } });
  request.push("{}");
  request.read();
  expect(incomingOf(request)?.body).toEqual({
    consumed: expect.stringContaining("Move its line below NestFactory.create(), or have it keep the bytes"),
  });
});

test("writes the reply", async () => {
  const request = requestWith();
  const response = new ServerResponse(request);
  const receiver = { receive: async () => result, on: () => undefined, close: async () => {} };
  toNestMiddleware([{ path: "/chip", receiver }])(request, response, expect.unreachable);
  await vi.waitFor(() => expect(response.writableEnded).toBe(true));
  expect(response.statusCode).toBe(200);
});
