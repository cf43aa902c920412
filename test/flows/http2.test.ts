import { once } from "node:events";
import { connect, createServer } from "node:http2";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { toNodeListener } from "@hooklatch/core/node";
import { sharedSecret } from "@hooklatch/core/schemes";
import { toKoa } from "@hooklatch/koa";
import { describe, expect, onTestFinished, test, vi } from "vitest";

import { koaVersions } from "../support/koa-versions.ts";
import { createProbe } from "../support/probe.ts";
import { acme } from "../support/signing.ts";
import { failOnUnhandled } from "../support/unhandled.ts";

failOnUnhandled();

type Probe = ReturnType<typeof createProbe>["receiver"];
type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/** What Node and Koa serve over HTTP/2, with the requests and responses that stand for those of HTTP/1. */
const apps: readonly (readonly [name: string, listener: (receiver: Probe) => Listener])[] = [
  ["node:http2", (receiver) => toNodeListener(receiver)],
  ...koaVersions.map(({ name, Koa }) => {
    const toListener = (receiver: Probe): Listener => {
      const app = new Koa().use(toKoa(receiver));
      app.silent = true; // it writes broken connections to stderr
      const listener = app.callback();
      return (request, response) => void listener(request, response);
    };
    return [`${name} over HTTP/2`, toListener] as const;
  }),
];

describe.each(apps)("%s", (_name, toListener) => {
  test("receives a delivery, and refuses one before its body came", async () => {
    const warnings: string[] = [];
    const note = ({ message }: Error): void => void warnings.push(message);
    process.on("warning", note);
    onTestFinished(() => void process.off("warning", note));
    const { receiver, events } = createProbe(acme.provider);
    const { open } = await serve(toListener(receiver));
    const { headers, body } = acme.event();

    expect(await open({ ...headers, ":method": "POST" }, body)).toEqual([200, '{"outcome":"handled"}']);
    expect(await open({ ...headers, ":method": "PUT" })).toEqual([405, '{"error":"ERR_METHOD_NOT_ALLOWED"}']);
    expect(events).toHaveLength(1);
    expect(warnings).toEqual([]);
  });

  test.each([
    ["while it is read", 0],
    ["before it is read", 60],
  ])("takes no body for whole that was cut off %s", async (_when, delayMs) => {
    // Without a signature, nothing else would tell half a form from a whole one.
    const scheme = sharedSecret({ in: "header", name: "x-key", secrets: "k".repeat(32) });
    const { receiver, reports } = createProbe({ ...acme.provider, body: "form", scheme });
    const listener = toListener(receiver);
    const { client } = await serve((request, response) => void setTimeout(() => listener(request, response), delayMs));
    const headers = { "content-type": "application/x-www-form-urlencoded", "x-key": "k".repeat(32), "x-acme-id": "1" };

    const stream = client.request({ ":path": "/hook", ":method": "POST", ...headers }).on("error", () => {});
    stream.write("type=order.paid&total=1");
    await sleep(30);
    stream.destroy(new Error("gone")); // close() would end the body before

    await vi.waitFor(() => expect(reports).toMatchObject([{ outcome: "rejected", code: "ERR_BODY_ABORTED" }]));
  });
});

/** Serves a listener for one test. Answers with what sends a request; without a body it never ends its sending. */
async function serve(listener: Listener) {
  // They are made to be taken for those of HTTP/1, and their types do not say so.
  const compatible = listener as unknown as (request: Http2ServerRequest, response: Http2ServerResponse) => void;
  const server = createServer(compatible).listen(0, "127.0.0.1");
  await once(server, "listening");
  const client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  onTestFinished(() => {
    client.destroy();
    server.close();
  });
  const open = async (headers: Readonly<Record<string, string>>, body?: Buffer): Promise<[unknown, string]> => {
    const stream = client.request({ ":path": "/hook", ...headers });
    if (body === undefined) stream.write("{");
    else stream.end(body);
    const [answer] = (await once(stream, "response")) as [Readonly<Record<string, unknown>>];
    const text: string[] = [];
    stream.setEncoding("utf8").on("data", (part: string) => text.push(part));
    await once(stream, "end");
    return [answer[":status"], text.join("")];
  };
  return { client, open };
}
