import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";

import { expect, test, vi } from "vitest";

import type { IncomingDelivery } from "./delivery.ts";
import type { Result } from "./reply.ts";
import { toNodeListener } from "./to-node-listener.ts";

const result: Result = { outcome: "handled", reply: { status: 202, headers: { "x-by": "us" }, body: "done" } };

test("hands the request to the receiver and writes its reply", async () => {
  const receive = vi.fn(async (_incoming: IncomingDelivery) => result);
  const request = Object.assign(new IncomingMessage(new Socket()), {
    method: "POST",
    url: "/hook?a=1",
    complete: true,
  });
  const response = new ServerResponse(request);
  toNodeListener({ receive })(request, response);
  await vi.waitFor(() => expect(response.writableEnded).toBe(true));
  expect(receive.mock.calls[0]?.[0]).toMatchObject({ method: "POST", url: "/hook?a=1" });
  expect(response.statusCode).toBe(202);
});

test("refuses what is not a receiver when the app starts", () => {
  // What a caller without types may do.
  const mount = toNodeListener as (receiver?: object) => unknown;
  expect(() => mount()).toThrow("toNodeListener: that is not a receiver");
  expect(() => mount({})).toThrow("toNodeListener: that is not a receiver");
});
