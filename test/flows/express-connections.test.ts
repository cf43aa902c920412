import { createServer, request as openRequest } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

import { keepRawBody, toExpress } from "@hooklatch/express";
import { describe, expect, onTestFinished, test, vi } from "vitest";

import { expressVersions } from "../support/express-versions.ts";
import { listen } from "../support/hosts.ts";
import { post } from "../support/post.ts";
import { createProbe } from "../support/probe.ts";
import type { Probe } from "../support/probe.ts";
import { openRaw, requestHead } from "../support/raw-http.ts";
import { acme } from "../support/signing.ts";
import type { SignedRequest } from "../support/signing.ts";
import { failOnUnhandled } from "../support/unhandled.ts";

failOnUnhandled();

const head = ({ headers }: SignedRequest, length: number): string =>
  requestHead([...Object.entries(headers), ["content-length", String(length)]]);

const tampered: SignedRequest = { ...acme.event(), body: acme.sign('{"type":"other"}').body };

describe.each(expressVersions)("$name", ({ express }) => {
  async function serve({ receiver }: Probe) {
    const running = await listen(express().post("/hook", toExpress(receiver)));
    onTestFinished(() => running.close());
    return running;
  }

  test("keeps the connection for the next delivery when it has refused one whose body it read", async () => {
    const probe = createProbe(acme.provider);
    const { port } = await serve(probe);
    const connection = await openRaw(port);
    const good = acme.event();

    for (const [request, status] of [
      [tampered, 401],
      [good, 200],
      [tampered, 401],
      [good, 200],
    ] as const) {
      connection.write(head(request, request.body.length));
      connection.write(request.body);
      const answer = await connection.answer();
      expect(answer.status).toBe(status);
      expect(answer.headers.get("connection")).toBe("keep-alive");
    }
    connection.socket.destroy();
  });

  test("ends the connection after a delivery that it refused unread, without harm to the next", async () => {
    const { url } = await serve(createProbe(acme.provider));
    for (let round = 0; round < 20; round++) {
      const refused = await post(url, { headers: { "content-type": "application/json" }, body: '{"a":1}' });
      expect(refused).toMatchObject({ status: 401, headers: { connection: "close" } });
      expect((await post(url, acme.event())).status).toBe(200);
    }
  });

  test("answers two pipelined deliveries in their order", async () => {
    const { port } = await serve(createProbe(acme.provider));
    const connection = await openRaw(port);
    const good = acme.event();
    for (const request of [tampered, good]) {
      connection.write(Buffer.concat([Buffer.from(head(request, request.body.length)), request.body]));
    }
    expect([(await connection.answer()).status, (await connection.answer()).status]).toEqual([401, 200]);
    connection.socket.destroy();
  });

  test("lets a sender that writes 5 MB before it reads see its 413", async () => {
    const { port } = await serve(createProbe(acme.provider));
    const connection = await openRaw(port);
    connection.socket.pause();
    connection.write(head(acme.event(), 5_000_000));
    for (let sent = 0; sent < 5; sent++) {
      await new Promise<void>((resolve, reject) => {
        connection.socket.write(Buffer.alloc(1_000_000), (error) => (error ? reject(error) : resolve()));
      });
    }
    connection.socket.resume();
    const answer = await connection.answer();
    expect(answer).toMatchObject({ status: 413, text: '{"error":"ERR_BODY_TOO_LARGE"}' });
    expect(answer.headers.get("connection")).toBe("close");
    await connection.closed;
  });

  test.each([
    ["of declared length", {}, 413],
    ["of a length that is not declared", { "transfer-encoding": "chunked" }, 413],
    ["without a signature", { "transfer-encoding": "chunked", "x-acme-signature": "" }, 401],
  ])("lets Node's own client send 5 MB %s and read the status", async (_name, changes, status) => {
    const { url } = await serve(createProbe(acme.provider));
    const { headers } = acme.event();
    const type = "transfer-encoding" in changes ? {} : { "content-length": 5_000_000 };
    const seen = await new Promise<number | undefined>((resolve, reject) => {
      const sent = openRequest(url, { method: "POST", headers: { ...headers, ...type, ...changes } }, (response) => {
        response.resume().on("end", () => resolve(response.statusCode));
      });
      sent.on("error", reject).end(Buffer.alloc(5_000_000));
    });
    expect(seen).toBe(status);
  });

  // Three seconds: the sender has two to read its reply.
  test("ends the connection of a sender that never stops", async () => {
    const { port } = await serve(createProbe(acme.provider));
    const connection = await openRaw(port);
    connection.write(
      requestHead([
        ["content-type", "application/json"],
        ["transfer-encoding", "chunked"],
      ]),
    );
    const flood = setInterval(() => {
      if (connection.socket.writable) connection.socket.write(`2710\r\n${"x".repeat(10_000)}\r\n`);
    }, 20);
    onTestFinished(() => clearInterval(flood));

    expect((await connection.answer()).status).toBe(401);
    const answeredAtMs = performance.now();
    await connection.closed;
    expect(performance.now() - answeredAtMs).toBeLessThan(4000);
    connection.socket.destroy();
  });

  test("lets a running delivery end when the app shuts down, and refuses the next", async () => {
    const gate = Promise.withResolvers<void>();
    const { receiver, events, reports } = createProbe(acme.provider, { handler: () => gate.promise });
    const server = createServer(express().post("/hook", toExpress(receiver)));
    const { url } = await listen(server);

    const running = post(url, acme.event());
    await vi.waitFor(() => expect(events).toHaveLength(1));
    const closed = receiver.close();
    expect(await post(url, acme.event())).toMatchObject({
      status: 503,
      headers: { "retry-after": expect.any(String) },
    });
    await sleep(20);
    gate.resolve();
    await closed;
    expect((await running).status).toBe(200);
    await new Promise((resolve) => server.close(resolve).closeIdleConnections());

    expect(events).toHaveLength(1);
    expect(reports.map(({ outcome }) => outcome)).toEqual(["unavailable", "handled"]);
  });

  test("takes forty deliveries at once over one kept and many new connections", async () => {
    const { receiver, events } = createProbe(acme.provider);
    const running = await listen(
      express()
        .use(express.json({ verify: keepRawBody }))
        .post("/hook", toExpress(receiver)),
    );
    onTestFinished(() => running.close());
    const answers = await Promise.all(Array.from({ length: 40 }, () => post(running.url, acme.event())));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(events.map(({ id }) => id)).size).toBe(40);
  });
});
