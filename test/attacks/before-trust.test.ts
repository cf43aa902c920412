import { setTimeout as sleep } from "node:timers/promises";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";

import { memoryStore, systemClock, toIncomingDelivery } from "@hooklatch/core";
import { describe, expect, onTestFinished, test, vi } from "vitest";

import { hosts, hostsBehindParser, streamingHosts } from "../support/hosts.ts";
import { post } from "../support/post.ts";
import { createProbe } from "../support/probe.ts";
import { openRaw, requestHead, sendRaw } from "../support/raw-http.ts";
import type { HeaderLine } from "../support/raw-http.ts";
import { acme, signers } from "../support/signing.ts";
import type { SignedRequest } from "../support/signing.ts";
import { start } from "../support/start.ts";
import { failOnUnhandled } from "../support/unhandled.ts";

failOnUnhandled();

describe.each(streamingHosts)("$name", (host) => {
  test("5: a Content-Length that lies in either direction gets nothing handled, and the server lives", async () => {
    const { receiver, events } = createProbe(acme.provider, { bodyTimeoutMs: 300 });
    const { port, url } = await start(host, receiver);
    const good = acme.event();

    const tooLong = await openRaw(port);
    tooLong.write(requestHead([...linesOf(good), ["content-length", String(good.body.length + 10)]]));
    tooLong.socket.end(good.body);
    await tooLong.closed;

    const tooShort = await sendRaw(port, head(good, good.body.length - 1), good.body);
    // The byte too many is read as the start of another request, and Node may answer that first.
    expect([400, 401]).toContain(tooShort.status);

    const waiting = await sendRaw(port, head(good, good.body.length + 1), good.body);
    expect(waiting.status).toBe(408);

    expect(events).toEqual([]);
    expect((await post(url, good)).status).toBe(200);
  });

  test.each<[string, readonly HeaderLine[]]>([
    ["negative", [["content-length", "-1"]]],
    ["not a number", [["content-length", "ten"]]],
    ["in another notation", [["content-length", "0x10"]]],
    ["with a sign", [["content-length", "+16"]]],
    ["a list", [["content-length", "16, 16"]]],
    [
      "there twice",
      [
        ["content-length", "16"],
        ["content-length", "17"],
      ],
    ],
    [
      "beside a transfer encoding",
      [
        ["content-length", "16"],
        ["transfer-encoding", "chunked"],
      ],
    ],
    ["empty", [["content-length", ""]]],
    ["of absurd size", [["content-length", "9".repeat(30)]]],
  ])("5: a Content-Length that is %s is a 4xx", async (_name, lines) => {
    const { receiver, events } = createProbe(acme.provider);
    const { port } = await start(host, receiver);
    const { status } = await sendRaw(port, requestHead([...linesOf(acme.event()), ...lines]), "0\r\n\r\n0123456789");
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(events).toEqual([]);
  });

  test("5: a length declared over the limit is refused before a byte is sent, one byte over it while it is read", async () => {
    const { receiver, events } = createProbe(acme.provider, { maxBodyBytes: 1000 });
    const { port, url } = await start(host, receiver);
    expect((await sendRaw(port, head(acme.event(), 1001))).status).toBe(413);

    const fits = acme.sign(`{"type":"${"a".repeat(989)}"}`);
    const over = acme.sign(`{"type":"${"a".repeat(990)}"}`);
    expect(over.body).toHaveLength(1001);
    const chunked = { "transfer-encoding": "chunked" } as const;
    expect((await post(url, { ...over, headers: { ...over.headers, ...chunked } })).status).toBe(413);
    expect((await post(url, { ...fits, headers: { ...fits.headers, ...chunked } })).status).toBe(200);
    expect(events).toHaveLength(1);
  });

  // About a second: the deadline has to pass.
  test("6: five hundred slow senders get 408 at the deadline and hold up no good delivery", async () => {
    const { receiver, events, reports } = createProbe(acme.provider, { bodyTimeoutMs: 800 });
    const { port, url } = await start(host, receiver);
    const slow = await Promise.all(Array.from({ length: 500 }, () => openRaw(port)));
    const drip = setInterval(() => {
      for (const { socket } of slow) if (socket.writable) socket.write("x");
    }, 200);
    onTestFinished(() => clearInterval(drip));
    for (const connection of slow) connection.write(head(acme.event(), 1000));
    await sleep(100);

    expect((await post(url, acme.event())).status).toBe(200);
    expect(reports).toHaveLength(1);

    const answers = await Promise.all(slow.map((connection) => connection.answer()));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([408]));
    expect(events).toHaveLength(1);
    for (const { socket } of slow) socket.destroy();
    await receiver.close();
  });

  test.each<[string, number, SignedRequest["headers"] | undefined, string?]>([
    ["a missing signature", 401, undefined],
    ["an empty signature", 401, { "x-acme-signature": "" }],
    ["a missing part of the signed content", 401, { "x-acme-id": "" }],
    ["the method PUT", 405, {}, "PUT"],
    ["the method DELETE", 405, {}, "DELETE"],
    ["a method override", 405, { "x-http-method-override": "POST" }, "PUT"],
    ["the content type text/plain", 415, { "content-type": "text/plain" }],
    ["the content type of a form", 415, { "content-type": "application/x-www-form-urlencoded" }],
    ["a compressed body", 415, { "content-encoding": "gzip" }],
  ])("7: %s is refused while no byte of the body has been sent", async (_name, status, changes, method = "POST") => {
    const { receiver } = createProbe(acme.provider);
    const { port } = await start(host, receiver);
    const { "x-acme-signature": signature, ...rest } = acme.event().headers;
    const headers = changes === undefined ? rest : { ...rest, "x-acme-signature": signature, ...changes };
    const lines: readonly HeaderLine[] = [
      ...Object.entries(headers).map(([name, value = ""]) => [name, value] as const),
      ["content-length", "500"],
    ];

    const answer = await sendRaw(port, requestHead(lines, { method }));

    expect(answer.status).toBe(status);
    if (!host.isFetchStyle) expect(answer.headers.get("connection")).toBe("close");
  });

  test("9: a sender that aborts half way leaves no claim and nothing running", async () => {
    const { receiver, events, reports } = createProbe(acme.provider);
    const { port, url } = await start(host, receiver);
    const good = acme.event();

    const connection = await openRaw(port);
    connection.write(head(good, good.body.length));
    connection.write(good.body.subarray(0, 20));
    await sleep(30);
    connection.socket.destroy();

    await vi.waitFor(() => expect(reports).toMatchObject([{ outcome: "rejected", code: "ERR_BODY_ABORTED" }]));
    expect((await post(url, good)).status).toBe(200);
    expect(events).toHaveLength(1);
    await receiver.close();
  });
});

describe.each(hosts)("$name", (host) => {
  test("9: a sender that goes away while the handler runs does not stop it, and its event counts as handled", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { receiver, events, reports } = createProbe(acme.provider, { handler: () => promise });
    const { port, url } = await start(host, receiver);
    const good = acme.event();

    const connection = await openRaw(port);
    connection.write(head(good, good.body.length));
    connection.write(good.body);
    await vi.waitFor(() => expect(events).toHaveLength(1));
    connection.socket.destroy();
    await sleep(30);
    resolve();

    await vi.waitFor(() => expect(reports).toMatchObject([{ outcome: "handled" }]));
    expect(await post(url, good)).toMatchObject({ status: 200, text: '{"outcome":"duplicate"}' });
    await receiver.close();
  });

  test("9: a scheme and a schema that never settle are answered 5xx and do not hold up close()", async () => {
    const never = () => new Promise<never>(() => {});
    const hanging = [
      { ...acme.provider, scheme: { headers: [], verify: never } },
      { ...acme.provider, schemas: { a: { "~standard": { version: 1 as const, vendor: "own", validate: never } } } },
    ];
    for (const provider of hanging) {
      const { receiver, events } = createProbe(provider, { handlerTimeoutMs: 50 });
      const { url } = await start(host, receiver);
      expect((await post(url, acme.event({ type: "a" }))).status).toBeGreaterThanOrEqual(500);
      expect(events).toEqual([]);
      await receiver.close();
    }
  });

  test("9: a handler that never settles is answered 500, keeps its claim for its lease, and does not hold up close()", async () => {
    let nowMs = Date.now();
    const clock = { ...systemClock, nowMs: () => nowMs };
    const store = memoryStore({ clock });
    const options = { store, clock, handlerTimeoutMs: 50 };
    const hanging = createProbe(acme.provider, { ...options, handler: () => new Promise(() => {}) });
    const working = createProbe(acme.provider, options);
    const first = await start(host, hanging.receiver);
    const second = await start(host, working.receiver);
    const good = acme.event();

    expect(await post(first.url, good)).toMatchObject({ status: 500, text: '{"error":"ERR_HANDLER_TIMEOUT"}' });
    expect((await post(second.url, good)).status).toBe(503);
    await hanging.receiver.close();

    nowMs += 31_000;
    expect((await post(second.url, good)).status).toBe(200);
    expect(working.reports.at(-1)).toMatchObject({ outcome: "handled", attempt: 2 });
  });
});

describe.each([...hosts, ...hostsBehindParser])("$name", (host) => {
  const bomb = Buffer.alloc(5 * 1024 * 1024, " ");
  const fromParser = host.hasStrictParser === true ? [400] : [];

  test.each([
    ["gzip", gzipSync(bomb)],
    ["GZIP", gzipSync(bomb)],
    ["deflate", deflateSync(bomb)],
    ["br", brotliCompressSync(bomb.subarray(0, 1024 * 1024))],
    ["identity, gzip", gzipSync(bomb)],
    ["x-unheard-of", bomb.subarray(0, 100)],
  ])("8: a bomb in %s is a 4xx, signed or not", async (encoding, body) => {
    const { receiver, events } = createProbe(acme.provider);
    const { url } = await start(host, receiver);
    for (const { headers } of [acme.sign(body), acme.sign(bomb)]) {
      const { status } = await post(url, { headers: { ...headers, "content-encoding": encoding }, body });
      expect([413, 415, ...fromParser]).toContain(status);
    }
    expect(events).toEqual([]);
  });

  test("8: a small compressed body is refused too, even where a parser has inflated it", async () => {
    const { receiver, events } = createProbe(acme.provider);
    const { url } = await start(host, receiver);
    const { headers, body } = acme.event();
    const answer = await post(url, { headers: { ...headers, "content-encoding": "gzip" }, body: gzipSync(body) });
    expect([415, ...fromParser]).toContain(answer.status);
    expect(events).toEqual([]);
  });
});

test.each(signers)("7: $name: a body is not even started when its head is refused", async (signer) => {
  const { receiver } = createProbe(signer.provider);
  const { headers } = signer.event();
  const refused = [
    { headers: { ...headers, [signer.signatureHeader]: undefined } },
    { headers: { ...headers, [signer.signatureHeader]: ["a", "a"] } },
    { headers: { ...headers, "content-type": "text/html" } },
    { headers: { ...headers, "content-type": ["application/json", "application/json"] } },
    { headers: { ...headers, "content-length": "1e3" } },
    { headers, method: "GET" },
    { headers, method: "post" },
  ];
  const body = { start: vi.fn(), stop: vi.fn() };
  for (const request of refused) {
    const { outcome } = await receiver.receive(toIncomingDelivery({ ...request, body }));
    expect(outcome).toBe("rejected");
  }
  expect(body.start).not.toHaveBeenCalled();
});

function linesOf({ headers }: SignedRequest): readonly HeaderLine[] {
  return Object.entries(headers);
}

function head(request: SignedRequest, contentLength: number): string {
  return requestHead([...linesOf(request), ["content-length", String(contentLength)]]);
}
