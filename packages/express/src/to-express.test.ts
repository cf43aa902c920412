import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";

import type { IncomingDelivery, Result } from "@hooklatch/core";
import { expect, test, vi } from "vitest";

import { keepRawBody, toExpress } from "./to-express.ts";
import type { ExpressRequest } from "./to-express.ts";

const result: Result = { outcome: "handled", reply: { status: 200, headers: { "x-by": "us" }, body: "done" } };

/** A request as Express hands it on, with what its parsers left there. */
function requestWith(left: Partial<ExpressRequest> = {}): ExpressRequest {
  const request = new IncomingMessage(new Socket());
  return Object.assign(request, { method: "POST", url: "/chip?a=1", complete: true }, left);
}

/** What the receiver is handed for a request. */
function incomingOf(request: ExpressRequest): IncomingDelivery {
  const receive = vi.fn(async (_incoming: IncomingDelivery) => result);
  toExpress({ receive })(request, new ServerResponse(request));
  expect(receive).toHaveBeenCalledOnce();
  return receive.mock.calls[0]?.[0] ?? expect.unreachable();
}

test("hands over the URL from before the routers cut it", () => {
  expect(incomingOf(requestWith({ originalUrl: "/webhooks/chip?a=1" })).url).toBe("/webhooks/chip?a=1");
  expect(incomingOf(requestWith()).url).toBe("/chip?a=1");
});

test("hands over the stream when nobody has read it", () => {
  expect(incomingOf(requestWith()).body).toHaveProperty("start");
  // What parsers put there for a request that they do not take.
  expect(incomingOf(requestWith({ body: {} })).body).toHaveProperty("start");
  expect(incomingOf(requestWith({ rawBody: "text" })).body).toHaveProperty("start");
});

test("prefers the bytes that were kept, then those of express.raw()", () => {
  const kept = Buffer.from("kept");
  const raw = Buffer.from("raw");
  expect(incomingOf(requestWith({ rawBody: kept, body: { a: 1 } })).body).toBe(kept);
  expect(incomingOf(requestWith({ rawBody: kept, body: raw })).body).toBe(kept);
  expect(incomingOf(requestWith({ body: raw })).body).toBe(raw);
});

test("never makes bytes of a parsed body, and names the line to move instead", () => {
  const request = requestWith({ originalUrl: "/hook/s3cr3t", route: { path: "/hook/:secret" }, body: { id: 1 } });
  request.push("{}");
  request.read();
  expect(incomingOf(request).body).toEqual({
    consumed:
      'Move the line post("/hook/:secret", toExpress(…)) above app.use(express.json()), ' +
      "or write app.use(express.json({ verify: keepRawBody })) with keepRawBody from @hooklatch/express.",
  });
});

test("refuses what is not a receiver when the app starts", () => {
  // What a caller without types may do.
  const mount = toExpress as (receiver?: object) => unknown;
  expect(() => mount()).toThrow("toExpress: that is not a receiver");
  expect(() => mount({})).toThrow("toExpress: that is not a receiver");
});

test("writes the reply", async () => {
  const request = requestWith();
  const response = new ServerResponse(request);
  toExpress({ receive: async () => result })(request, response);
  await vi.waitFor(() => expect(response.writableEnded).toBe(true));
  expect(response.statusCode).toBe(200);
  expect(response.headersSent).toBe(true);
});

test("keeps the bytes that a parser shows it", () => {
  const request = requestWith();
  const bytes = Buffer.from([0xff]);
  keepRawBody(request, new ServerResponse(request), bytes);
  expect(request.rawBody).toBe(bytes);
});
