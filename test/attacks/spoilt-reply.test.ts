import { once } from "node:events";
import { createServer } from "node:http";
import type { RequestListener, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { createReceiver } from "@hooklatch/core";
import type { Receiver } from "@hooklatch/core";
import { toNodeListener } from "@hooklatch/core/node";
import { toExpress } from "@hooklatch/express";
import { toFastify } from "@hooklatch/fastify";
import { toKoa } from "@hooklatch/koa";
import { createMockSender } from "@hooklatch/mock-sender";
import { chipMock } from "@hooklatch/mock-sender/chip";
import express from "express";
import fastify from "fastify";
import Koa from "koa";
import { describe, expect, onTestFinished, test, vi } from "vitest";

import { failOnUnhandled } from "../support/unhandled.ts";

failOnUnhandled();

/** What an app may do to the response before the receiver is asked. */
type Spoil = (response: ServerResponse) => void;
type Host = (receiver: Pick<Receiver, "receive">, spoil: Spoil) => Promise<Server>;

const listen = async (listener: RequestListener): Promise<Server> => createServer(listener);

const hosts: Readonly<Record<string, Host>> = {
  "node:http": (receiver, spoil) => {
    const answer = toNodeListener(receiver);
    return listen((request, response) => {
      spoil(response);
      answer(request, response);
    });
  },
  Express(receiver, spoil) {
    const app = express();
    app.use((_request, response, next) => {
      spoil(response);
      next();
    });
    app.post("/", toExpress(receiver));
    return listen(app);
  },
  Koa(receiver, spoil) {
    const app = new Koa();
    app.use((context, next) => {
      spoil(context.res);
      return next();
    });
    app.use(toKoa(receiver));
    const answer = app.callback();
    return listen((request, response) => void answer(request, response));
  },
  async Fastify(receiver, spoil) {
    const app = fastify();
    app.addHook("onRequest", async (_request, reply) => spoil(reply.raw));
    app.post("/", toFastify(receiver));
    await app.ready();
    onTestFinished(() => app.close());
    return app.server;
  },
};

describe.each(Object.entries(hosts))("%s with a response that the app has spoilt", (_name, host) => {
  /** Sends one event of CHIP's, and tells the status or how it failed, and how often the handler ran. */
  async function deliver(spoil: Spoil): Promise<readonly [answer: string, runs: number]> {
    const sender = createMockSender(chipMock());
    let runs = 0;
    const receiver = createReceiver({ provider: sender.provider, onOutcome: () => {} }).on("*", () => void runs++);
    const server = (await host(receiver, spoil)).listen(0, "127.0.0.1");
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
    });
    await once(server, "listening");
    const { port } = server.address() as AddressInfo; // of a server that listens on a port
    const { headers, body } = await sender.build("purchase.paid");
    const sent = fetch(`http://127.0.0.1:${port}/`, {
      method: "POST",
      headers,
      body,
      signal: AbortSignal.timeout(3_000),
    });
    const answer = await sent
      .then(async (response) => `${response.status} ${await response.text()}`)
      .catch((error: unknown) => (error instanceof Error && error.name === "TimeoutError" ? "hung" : "cut off"));
    return [answer, runs];
  }

  test.each<[string, Spoil]>([
    ["a trailer", (response) => response.setHeader("trailer", "x-checksum")],
    ["a transfer encoding", (response) => response.setHeader("transfer-encoding", "chunked")],
    ["a length", (response) => response.setHeader("content-length", "7")],
  ])("by %s answers all the same", async (_what, spoil) => {
    expect(await deliver(spoil)).toEqual(['200 {"outcome":"handled"}', 1]);
  });

  test("by a writeHead() that throws is cut off, so that the platform sends again, and the operator is told", async () => {
    const warn = vi.spyOn(process, "emitWarning").mockReturnValue();
    onTestFinished(() => warn.mockRestore());
    const answer = await deliver((response) => {
      response.writeHead = () => {
        throw new RangeError("the session of jane@example.com cannot be saved");
      };
    });
    expect(answer).toEqual(["cut off", 1]);
    const said = warn.mock.calls.find((call) => JSON.stringify(call).includes("HOOKLATCH_REPLY_FAILED"));
    expect(said?.[0]).toContain("RangeError");
    expect(JSON.stringify(said)).not.toContain("jane");
  });

  test("by headers that are on their way is cut off and does not hang", async () => {
    expect((await deliver((response) => response.flushHeaders()))[0]).toBe("cut off");
  });
});
