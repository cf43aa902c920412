import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import type { LambdaEventV2, LambdaResult } from "@hooklatch/lambda";
import { createMockSender } from "@hooklatch/mock-sender";
import { chipMock } from "@hooklatch/mock-sender/chip";
import { beforeEach, expect, it, onTestFinished, vi } from "vitest";

beforeEach(() => {
  vi.resetModules(); // an instance reads its environment when it starts
});

/** Starts the function with a function URL in front of it. Answers with the address of its webhook. */
async function start(publicKey: string): Promise<string> {
  vi.stubEnv("CHIP_PUBLIC_KEY", publicKey);
  const { handler } = await import("../src/handler.ts");
  const server = createFunctionUrl(handler);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return `http://127.0.0.1:${port}/webhooks/chip`;
}

/** What a function URL does with a request whose body is JSON. */
function createFunctionUrl(handler: (event: LambdaEventV2) => Promise<LambdaResult>) {
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, search } = new URL(request.url ?? "/", "http://localhost");
    const chunks: readonly Buffer[] = await request.toArray();
    const { statusCode, headers, body } = await handler({
      rawPath: pathname,
      rawQueryString: search.slice(1),
      headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
      requestContext: { http: { method: request.method ?? "", sourceIp: request.socket.remoteAddress ?? "" } },
      body: Buffer.concat(chunks).toString(),
      isBase64Encoded: false,
    });
    response.writeHead(statusCode, headers).end(body);
  };
  return createServer((request, response) => void serve(request, response));
}

it("handles what its key signed, once, and leaves other paths alone", async () => {
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  vi.spyOn(console, "warn").mockImplementation(() => {});
  const sender = createMockSender(chipMock());
  const url = await start(sender.credentials.publicKey);
  const event = { payload: { reference: "order-7" } };

  const [first, second] = await sender.duplicate(url, "purchase.paid", event);
  expect(first).toMatchObject({ status: 200, outcome: "handled" });
  expect(second).toMatchObject({ status: 200, outcome: "duplicate" });
  expect(await sender.send(url, "purchase.paid", { fault: "wrongKey" })).toMatchObject({ status: 401 });
  expect(await sender.send(url, "purchase.paid", { fault: "tampered" })).toMatchObject({ status: 401 });
  expect(log.mock.calls).toEqual([["shipped order-7"]]);
  expect((await fetch(url)).status).toBe(405);
  expect((await fetch(new URL("/other", url))).status).toBe(404);
});

it("does not start without the key, and says which one is missing", async () => {
  await expect(start("")).rejects.toMatchObject({ name: "ConfigError", message: expect.stringContaining("publicKey") });
});
