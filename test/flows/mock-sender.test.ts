import { createServer } from "node:http";
import type { RequestListener, Server } from "node:http";
import { connect } from "node:net";
import type { AddressInfo } from "node:net";

import { createReceiver } from "@hooklatch/core";
import { toFetchHandler } from "@hooklatch/core/fetch";
import { readNodeRequest, toNodeListener, writeNodeReply } from "@hooklatch/core/node";
import { toExpress } from "@hooklatch/express";
import { toKoa } from "@hooklatch/koa";
import { NoReplyError, createMockSender } from "@hooklatch/mock-sender";
import type { Target } from "@hooklatch/mock-sender";
import { chipMock } from "@hooklatch/mock-sender/chip";
import { chip } from "@hooklatch/providers/chip";
import express from "express";
import express4 from "express4";
import { Hono } from "hono";
import Koa from "koa";
import { afterEach, describe, expect, it } from "vitest";

const platform = chipMock();
const servers: Server[] = [];

afterEach(async () => {
  await Promise.all(
    servers.splice(0).map(async (server) => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }),
  );
});

/** What Node makes of no host: `::`, or `0.0.0.0` where there is no IPv6. */
const everyInterface = "";

async function listen(listener: RequestListener, host = "127.0.0.1"): Promise<Server> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  servers.push(server);
  return server;
}

function addressOf(server: Server, path: string): string {
  // A server that listens on a port has an address of this kind.
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}${path}`;
}

function setUp() {
  const sender = createMockSender(platform);
  const references: string[] = [];
  // As an app does that is configured from environment variables.
  const provider = chip({ publicKey: sender.credentials.publicKey });
  const payments = createReceiver({ provider, onOutcome: () => undefined });
  payments.on("purchase.paid", (event) => references.push(event.payload.reference));
  const listener: RequestListener = (request, response) => {
    void payments.receive(readNodeRequest(request)).then(({ reply }) => writeNodeReply(request, response, reply));
  };
  return { sender, payments, references, listener };
}

type SetUp = ReturnType<typeof setUp>;

/** Each kind of target, made around one receiver. */
const targets: readonly (readonly [string, (set: SetUp) => Target | Promise<Target>])[] = [
  ["a receiver", ({ payments }) => payments],
  ["an address", async ({ listener }) => addressOf(await listen(listener), "/any/path")],
  ["an address as a URL", async ({ listener }) => new URL(addressOf(await listen(listener), "/any/path"))],
  ["a Node request listener", ({ listener }) => listener],
  ["a Node server that listens", async ({ listener }) => listen(listener)],
  ["a Node server that listens on every interface", async ({ listener }) => listen(listener, everyInterface)],
  ["a Node server that does not listen", ({ listener }) => createServer(listener)],
  ["what toExpress makes", ({ payments }) => toExpress(payments)],
  ["an Express 5 app", ({ payments }) => express().post("/webhooks/chip", toExpress(payments))],
  ["an Express 4 app", ({ payments }) => express4().post("/webhooks/chip", toExpress(payments))],
  ["what toNodeListener makes", ({ payments }) => toNodeListener(payments)],
  ["what the callback() of a Koa app makes", ({ payments }) => new Koa().use(toKoa(payments)).callback()],
  ["what toFetchHandler makes", ({ payments }) => toFetchHandler(payments)],
  ["a Hono app", ({ payments }) => toHono(payments)],
  ["a fetch function", ({ payments }) => toFetch(payments)],
  ["an object with a fetch method", ({ payments }) => ({ fetch: toFetch(payments) })],
];

function toHono(payments: SetUp["payments"]): Hono {
  const receive = toFetchHandler(payments);
  return new Hono().post("/webhooks/chip", (context) => receive(context.req.raw));
}

function toFetch(payments: SetUp["payments"]) {
  return async (request: Request): Promise<Response> => {
    const { reply } = await payments.receive({
      method: request.method,
      url: new URL(request.url).pathname,
      body: new Uint8Array(await request.arrayBuffer()),
      headerValues: (name) => [request.headers.get(name)].filter((value) => value !== null),
    });
    return new Response(reply.body, { status: reply.status, headers: { ...reply.headers } });
  };
}

describe.each(targets)("%s", (_name, makeTarget) => {
  it("handles an event, knows the second copy, and tells the outcome and the id", async () => {
    const set = setUp();
    const target = await makeTarget(set);
    const [first, second] = await set.sender.duplicate(target, "purchase.paid", { payload: { reference: "order-7" } });
    expect(first).toMatchObject({ status: 200, outcome: "handled", eventId: expect.stringContaining("purchase.paid") });
    expect(second).toMatchObject({ status: 200, outcome: "duplicate", eventId: first.eventId });
    expect(set.references).toEqual(["order-7"]);
  });

  it("handles one of ten copies that come at once", async () => {
    const set = setUp();
    const results = await set.sender.concurrent(await makeTarget(set), "purchase.paid");
    expect(results.filter(({ outcome }) => outcome === "handled")).toHaveLength(1);
    expect(results.map(({ outcome }) => outcome)).not.toContain(undefined);
    expect(set.references).toHaveLength(1);
  });

  it.each([
    ["tampered", 401, "ERR_SIGNATURE_MISMATCH"],
    ["truncated", 401, "ERR_SIGNATURE_MISMATCH"],
    ["wrongKey", 401, "ERR_SIGNATURE_MISMATCH"],
    ["unsigned", 401, "ERR_SIGNATURE_MISSING"],
  ] as const)("refuses what is %s", async (fault, status, code) => {
    const set = setUp();
    const result = await set.sender.send(await makeTarget(set), "purchase.paid", { fault });
    expect(result).toMatchObject({ status, outcome: "rejected", code });
    expect(set.references).toEqual([]);
  });

  it("handles an event in the end that failed at first", async () => {
    const set = setUp();
    set.payments.on("purchase.paid", (_event, { attempt }) => {
      if (attempt < 3) throw new Error("the database is away");
    });
    const { accepted, attempts } = await set.sender.sendUntilAccepted(await makeTarget(set), "purchase.paid");
    expect(accepted).toBe(true);
    expect(attempts.map(({ status, outcome }) => `${status} ${outcome}`)).toEqual([
      "500 failed",
      "500 failed",
      "200 handled",
    ]);
  });
});

describe("a sender over HTTP", () => {
  it("is told that a body is too large", async () => {
    const { sender, listener } = setUp();
    expect(await sender.send(listener, "purchase.paid", { fault: "oversized" })).toMatchObject({
      status: 413,
      code: "ERR_BODY_TOO_LARGE",
    });
  });

  it("sends the exact bytes to the path and query of the address", async () => {
    const { sender } = setUp();
    const request = await sender.build("purchase.paid");
    let seen: unknown;
    const server = await listen((incoming, response) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("end", () => {
        const body = Buffer.concat(chunks).toString();
        seen = { url: incoming.url, signature: incoming.headers["x-signature"], body };
        response.end();
      });
    });
    await sender.deliver(addressOf(server, "/hooks?tenant=7"), request);
    expect(seen).toEqual({
      url: "/hooks?tenant=7",
      signature: request.headers["x-signature"],
      body: Buffer.from(request.body).toString(),
    });
  });

  it("goes to another path of an address when told so", async () => {
    const { sender } = setUp();
    const urls: (string | undefined)[] = [];
    const server = await listen((incoming, response) => {
      urls.push(incoming.url);
      response.end();
    });
    await sender.send(addressOf(server, "/one?a=1"), "purchase.paid", { path: "/other?b=2" });
    expect(urls).toEqual(["/other?b=2"]);
  });

  it("does not follow a redirect", async () => {
    const { sender, references, listener } = setUp();
    const goal = addressOf(await listen(listener), "/webhooks/chip");
    const server = await listen((_incoming, response) => response.writeHead(307, { location: goal }).end());
    const result = await sender.send(addressOf(server, "/"), "purchase.paid");
    expect(result).toMatchObject({ status: 307, outcome: undefined });
    expect(references).toEqual([]);
  });

  it.each(["127.0.0.1", everyInterface])(
    "uses the port of a server that listens on %j, and leaves it listening",
    async (host) => {
      const { sender, listener } = setUp();
      const hosts: (string | undefined)[] = [];
      const server = await listen((request, response) => {
        hosts.push(request.headers.host);
        listener(request, response);
      }, host);
      await sender.send(server, "purchase.paid");
      expect((await sender.send(server, "purchase.paid")).outcome).toBe("handled");
      // As for the address above.
      const { port } = server.address() as AddressInfo;
      expect(hosts).toEqual([`127.0.0.1:${port}`, `127.0.0.1:${port}`]);
    },
  );

  it("can send to a server that does not listen several times at once", async () => {
    const { sender, listener } = setUp();
    const server = createServer(listener);
    const results = await Promise.all([1, 2, 3].map(async () => sender.send(server, "purchase.paid")));
    expect(results.map(({ outcome }) => outcome)).toEqual(["handled", "handled", "handled"]);
    expect(server.listening).toBe(false);
  });

  it("is not held up by a connection that somebody leaves open", async () => {
    const { sender } = setUp();
    const result = await sender.send((incoming, response) => {
      // Half of a request line: not idle, and nothing that a server could answer.
      const idler = connect({ port: incoming.socket.localPort ?? 0, host: "127.0.0.1" }, () => {
        idler.write("GET / HT");
        setImmediate(() => response.end());
      });
      idler.on("error", () => undefined);
    }, "purchase.paid");
    expect(result.status).toBe(200);
  });

  it("says at which address nobody listens", async () => {
    const { sender, listener } = setUp();
    const server = await listen(listener);
    const address = addressOf(server, "/webhooks/chip");
    await new Promise((resolve) => server.close(resolve));
    const sending = sender.send(address, "purchase.paid");
    await expect(sending).rejects.toThrow(NoReplyError);
    await expect(sending).rejects.toThrow(`No reply from ${address}: ECONNREFUSED.`);
  });

  it("takes an endpoint that is down for one more reason to send again", async () => {
    const { sender, listener } = setUp();
    const server = await listen(listener);
    // As for the address above.
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    sender.clock.setTimer(() => server.listen(port, "127.0.0.1"), 60_000);
    const { accepted, attempts } = await sender.sendUntilAccepted(`http://127.0.0.1:${port}/`, "purchase.paid");
    expect(accepted).toBe(true);
    expect(attempts).toMatchObject([{ status: undefined, error: { name: "NoReplyError" } }, { outcome: "handled" }]);
  });
});
