import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import type { ByteSource } from "./delivery.ts";
import { readNodeRequest, writeNodeReply } from "./node-http.ts";
import { settled } from "./test-support/test-clock.ts";

/** A request as Node's HTTP parser makes it, on a socket that is connected to nothing. */
function requestOf(rawHeaders: readonly string[] = [], changes: Partial<IncomingMessage> = {}): IncomingMessage {
  const request = new IncomingMessage(new Socket());
  return Object.assign(request, {
    httpVersionMajor: 1,
    httpVersionMinor: 1,
    method: "POST",
    url: "/hook?a=1",
    rawHeaders: [...rawHeaders],
    ...changes,
  });
}

/** A sink that writes down what reaches it. */
function sinkOf() {
  const log: string[] = [];
  return {
    log,
    chunk: (bytes: Uint8Array) => void log.push(`chunk ${Buffer.from(bytes).toString()}`),
    end: () => void log.push("end"),
    fail: (cause: unknown) => void log.push(`fail ${cause instanceof Error ? cause.message : ""}`),
  };
}

function sourceOf(request: IncomingMessage): ByteSource {
  const { body } = readNodeRequest(request);
  return "start" in body ? body : expect.unreachable("The body is no stream.");
}

describe("a request", () => {
  test("keeps its method, its address and its path", () => {
    const request = requestOf();
    Object.defineProperty(request.socket, "remoteAddress", { value: "192.0.2.7" });
    expect(readNodeRequest(request)).toMatchObject({ method: "POST", url: "/hook?a=1", remoteAddress: "192.0.2.7" });
    expect(readNodeRequest(request, { url: "/app/hook?a=1" }).url).toBe("/app/hook?a=1");
  });

  test("has every line of a repeated header, whatever its case", () => {
    const incoming = readNodeRequest(
      requestOf(["X-Sig", "1", "Host", "x", "x-sig", "2", "X-Sig-2", "3", "X-SIG", "4"]),
    );
    expect(incoming.headerValues("x-sig")).toEqual(["1", "2", "4"]);
    expect(incoming.headerValues("x-none")).toEqual([]);
    expect(incoming.headerNames?.().filter((name) => name.toLowerCase() === "x-sig")).toHaveLength(3);
    expect(incoming.headerNames?.()).not.toContain("1");
    expect(incoming.headerValues("1")).toEqual([]);
  });

  test("has its headers where no parser of Node made it, and no raw list stands beside them", () => {
    const incoming = readNodeRequest(
      requestOf([], { headers: { "content-type": "application/json", "set-cookie": ["a", "b"] } }),
    );
    expect(incoming.headerValues("content-type")).toEqual(["application/json"]);
    expect(incoming.headerValues("set-cookie")).toEqual(["a", "b"]);
    expect(incoming.headerValues("constructor")).toEqual([]);
    expect(incoming.headerNames?.()).toEqual(["content-type", "set-cookie"]);
    expect(incoming).toMatchObject({ method: "POST", url: "/hook?a=1" });
  });

  test("is not read before it is asked for", async () => {
    const request = requestOf();
    readNodeRequest(request);
    request.push("abc");
    await settled();
    expect(request.readableDidRead).toBe(false);
  });

  test("has the body that the framework kept", () => {
    const body = Buffer.from("{}");
    expect(readNodeRequest(requestOf(), { body }).body).toBe(body);
  });

  test("has a body that is gone when somebody else has read it, ended it or decodes it", async () => {
    const read = requestOf();
    read.push("a");
    read.read();
    const ended = requestOf();
    ended.push(null);
    ended.resume();
    await settled();
    const decoding = requestOf().setEncoding("utf8");
    for (const request of [read, ended, decoding]) {
      expect(readNodeRequest(request).body).toEqual({ consumed: expect.stringContaining("exact bytes") });
      const adviceIfConsumed = (): string => "Move line 7.";
      expect(readNodeRequest(request, { adviceIfConsumed }).body).toEqual({ consumed: "Move line 7." });
    }
  });
});

describe("the stream of a request", () => {
  test("gives its chunks and its end, and nothing after that", async () => {
    const request = requestOf();
    const sink = sinkOf();
    sourceOf(request).start(sink);
    request.push("abc");
    request.push("d");
    request.push(null);
    await settled();
    request.destroy();
    await settled();
    expect(sink.log.join()).toMatch(/^chunk abc,chunk d,end$/);
  });

  test("fails once when the sender goes away", async () => {
    const request = requestOf();
    const sink = sinkOf();
    sourceOf(request).start(sink);
    request.push("abc");
    await settled();
    request.destroy(new Error("aborted"));
    await settled();
    expect(sink.log).toEqual(["chunk abc", "fail aborted"]);
  });

  test("fails when the sender had gone before it was started", async () => {
    const request = requestOf();
    const source = sourceOf(request);
    request.destroy();
    await settled();
    const sink = sinkOf();
    source.start(sink);
    await settled();
    expect(sink.log).toEqual(["fail The connection was closed."]);
  });

  test("gives nothing after it was stopped, and leaves no listener behind", async () => {
    const request = requestOf();
    const before = request.eventNames().length;
    const source = sourceOf(request);
    const sink = sinkOf();
    source.start(sink);
    request.push("abc");
    await settled();
    source.stop();
    request.push("def");
    request.destroy(new Error("aborted"));
    await settled();
    expect(sink.log).toEqual(["chunk abc"]);
    expect(request.eventNames()).toHaveLength(before);
  });

  test("may be stopped before it was started", () => {
    expect(() => sourceOf(requestOf()).stop()).not.toThrow();
  });
});

describe("a reply", () => {
  const reply = { status: 401, headers: { "content-type": "application/json" }, body: '{"error":"É"}' };

  beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
  afterEach(() => void vi.useRealTimers());

  /** What is written for a request, as it would go over the wire. */
  function write(request: IncomingMessage): { readonly response: ServerResponse; readonly text: () => string } {
    const response = new ServerResponse(request);
    const chunks: string[] = [];
    const socket = new Socket();
    socket.write = (chunk: unknown) => chunks.push(String(chunk)) > 0;
    response.assignSocket(socket);
    writeNodeReply(request, response, reply);
    return { response, text: () => chunks.join("") };
  }

  test("is written with its length in bytes", () => {
    const { response, text } = write(requestOf([], { complete: true }));
    expect(text()).toMatch(/^HTTP\/1\.1 401 /);
    expect(text()).toMatch(/\r\ncontent-type: application\/json\r\n/);
    expect(text()).toMatch(/\r\ncontent-length: 14\r\n/);
    expect(text().endsWith(`\r\n\r\n${reply.body}`)).toBe(true);
    expect(text()).not.toMatch(/connection: close/i);
    expect(response.writableEnded).toBe(true);
  });

  test("has the words of its own status, not of one that the app set before", () => {
    const request = requestOf([], { complete: true });
    const response = new ServerResponse(request);
    response.statusMessage = "Created";
    writeNodeReply(request, response, reply);
    expect([response.statusCode, response.statusMessage]).toEqual([401, "Unauthorized"]);
  });

  test("ends at once for a request that was read to its end, where there is no parser to say that it is complete", async () => {
    // As `app.inject()` of Fastify makes them.
    const request = requestOf();
    request.push(null);
    request.resume();
    await settled();
    const { response, text } = write(request);
    expect(response.writableEnded).toBe(true);
    expect(text()).not.toMatch(/connection: close/i);
  });

  test("has no body for HEAD, and still its length", () => {
    const { text } = write(requestOf([], { complete: true, method: "HEAD" }));
    expect(text()).toMatch(/content-length: 14\r\n/);
    expect(text()).not.toContain("error");
  });

  test("to a request that was refused unread closes the connection, once the sender has sent all or had two seconds", async () => {
    const unread = write(requestOf());
    expect(unread.text()).toMatch(/connection: close/i);
    expect(unread.text()).toContain(reply.body);
    expect(unread.response.writableEnded).toBe(false);
    vi.advanceTimersByTime(2000);
    expect(unread.response.writableEnded).toBe(true);

    const request = requestOf();
    const { response } = write(request);
    request.push("the rest");
    request.push(null);
    await settled();
    expect(response.writableEnded).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("waits no longer for a sender that goes away before it has sent all", async () => {
    const request = requestOf();
    const { response } = write(request);
    request.destroy(new Error("aborted"));
    await settled();
    expect(response.writableEnded).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("to HEAD has no body on a server that throws at one, read or unread", () => {
    for (const complete of [true, false]) {
      const request = requestOf([], { complete, method: "HEAD" });
      // The server hands this option of its own to the response; the types do not know it.
      const response: ServerResponse = Reflect.construct(ServerResponse, [
        request,
        { rejectNonStandardBodyWrites: true },
      ]);
      expect(() => writeNodeReply(request, response, reply)).not.toThrow();
      expect(response.writableEnded).toBe(true);
    }
  });

  test("is not written twice, nor to a sender that has gone", () => {
    const request = requestOf([], { complete: true });
    const { response, text } = write(request);
    const before = text();
    writeNodeReply(request, response, reply);
    expect(text()).toBe(before);

    const gone = new ServerResponse(request);
    gone.destroy();
    expect(() => writeNodeReply(request, gone, reply)).not.toThrow();
    expect(gone.headersSent).toBe(false);
  });
});
