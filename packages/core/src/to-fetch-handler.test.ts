import { expect, test, vi } from "vitest";

import type { ByteSource, IncomingBody, IncomingDelivery } from "./delivery.ts";
import type { Result } from "./reply.ts";
import { toFetchHandler } from "./to-fetch-handler.ts";

const result: Result = { outcome: "handled", reply: { status: 202, headers: { "x-by": "us" }, body: "done" } };

/** What the receiver is handed for a request. */
async function incomingOf(request: Request, remoteAddress?: string): Promise<IncomingDelivery> {
  const receive = vi.fn(async (_incoming: IncomingDelivery) => result);
  await toFetchHandler({ receive })(request, { remoteAddress });
  return receive.mock.calls[0]?.[0] ?? expect.unreachable();
}

function sourceOf(body: IncomingBody): ByteSource {
  return "start" in body ? body : expect.unreachable("The body is no source.");
}

/** Reads a source to its end. */
function drain(body: IncomingBody): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  return new Promise((resolve, reject) => {
    sourceOf(body).start({
      chunk: (bytes) => chunks.push(bytes),
      end: () => resolve(Buffer.concat(chunks)),
      fail: reject,
    });
  });
}

function post(body: RequestInit["body"], headers: Readonly<Record<string, string>> = {}): Request {
  return new Request("https://shop.example/hook", { method: "POST", body, headers, duplex: "half" } as RequestInit);
}

test("hands over the exact bytes as a stream that nobody has read", async () => {
  const request = post(new Uint8Array([0xef, 0xbb, 0xbf, 0, 0xff]));
  const { body } = await incomingOf(request);
  expect(request.bodyUsed).toBe(false);
  expect([...(await drain(body))]).toEqual([0xef, 0xbb, 0xbf, 0, 0xff]);
  expect((await incomingOf(post(null))).body).toEqual(new Uint8Array());
});

test.each([
  ["https://shop.example/hook?a=b+c&d=%2F", "/hook?a=b+c&d=%2F"],
  ["https://shop.example:8443/a%2e%2eb//c?x=//y#part", "/a%2e%2eb//c?x=//y"],
  ["https://shop.example?a=1", "/?a=1"],
])("hands over path and query of %s as they came", async (url, expected) => {
  expect((await incomingOf(new Request(url))).url).toBe(expected);
});

test("hands over headers by name, and the names for a diagnosis", async () => {
  const incoming = await incomingOf(post("{}", { "X-Signature": "abc" }));
  expect(incoming.headerValues("x-signature")).toEqual(["abc"]);
  expect(incoming.headerValues("x-other")).toEqual([]);
  expect(incoming.headerNames?.()).toContain("x-signature");
});

test("hands over the address that the host tells, and none otherwise", async () => {
  expect((await incomingOf(post("{}"), "192.0.2.7")).remoteAddress).toBe("192.0.2.7");
  expect((await incomingOf(post("{}"))).remoteAddress).toBeUndefined();
});

test("says so when somebody has read the body, or holds it", async () => {
  const read = post("{}");
  await read.text();
  expect((await incomingOf(read)).body).toHaveProperty("consumed");
  const held = post("{}");
  held.body?.getReader();
  expect((await incomingOf(held)).body).toHaveProperty("consumed");
});

test("tells of a sender that goes away half way", async () => {
  const gone = new Error("reset");
  const stream = new ReadableStream({
    start(controller) {
      controller.enqueue(new Uint8Array(3));
    },
    pull: () => Promise.reject(gone),
  });
  await expect(drain((await incomingOf(post(stream))).body)).rejects.toBe(gone);
});

test("takes nothing but bytes from the stream", async () => {
  const stream = new ReadableStream({ start: (controller) => controller.enqueue("text") });
  await expect(drain((await incomingOf(post(stream))).body)).rejects.toThrow("something else than bytes");
});

test("cancels the stream when it is told to stop, and calls the sink no more", async () => {
  const cancelled = vi.fn<() => void>();
  let feed: ReadableStreamDefaultController<Uint8Array> | undefined;
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => void (feed = controller),
    cancel: cancelled,
  });
  const source = sourceOf((await incomingOf(post(stream))).body);
  const sink = { chunk: vi.fn<() => void>(), end: vi.fn<() => void>(), fail: vi.fn<() => void>() };
  source.start(sink);
  feed?.enqueue(new Uint8Array(1));
  source.stop();
  await vi.waitFor(() => expect(cancelled).toHaveBeenCalledOnce());
  await new Promise((resolve) => setImmediate(resolve));
  expect([sink.chunk, sink.end, sink.fail].flatMap(({ mock }) => mock.calls)).toEqual([]);
});

test("makes a Response of the reply; for HEAD one without a body", async () => {
  const handler = toFetchHandler({ receive: async () => result });
  const response = await handler(post("{}"));
  expect([response.status, response.headers.get("x-by"), await response.text()]).toEqual([202, "us", "done"]);
  const head = await handler(new Request("https://shop.example/hook", { method: "HEAD" }));
  expect([head.status, head.body]).toEqual([202, null]);
});

test("makes a Response of a reply without content, as a provider's handshake may be", async () => {
  const empty: Result = { outcome: "handled", reply: { status: 204, headers: {}, body: "" } };
  const response = await toFetchHandler({ receive: async () => empty })(post("{}"));
  expect([response.status, response.body]).toEqual([204, null]);
});

test("has the host wait for the work", async () => {
  const waitUntil = vi.fn<(work: Promise<unknown>) => void>();
  await toFetchHandler({ receive: async () => result })(post("{}"), { waitUntil });
  await expect(waitUntil.mock.calls[0]?.[0]).resolves.toBe(result);
});

test("refuses what is not a receiver when the app starts", () => {
  // What a caller without types may do.
  const mount = toFetchHandler as (receiver?: object) => unknown;
  expect(() => mount()).toThrow("toFetchHandler: that is not a receiver");
  expect(() => mount({})).toThrow("toFetchHandler: that is not a receiver");
});
