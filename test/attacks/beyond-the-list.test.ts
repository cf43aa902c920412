import { publicKey } from "@hooklatch/core/schemes";
import { chip } from "@hooklatch/providers/chip";
import { describe, expect, test, vi } from "vitest";

import { hosts, streamingHosts } from "../support/hosts.ts";
import { createMovingClock } from "../support/moving-clock.ts";
import { post } from "../support/post.ts";
import { createProbe } from "../support/probe.ts";
import { openRaw, requestHead, sendRaw } from "../support/raw-http.ts";
import type { HeaderLine } from "../support/raw-http.ts";
import { acme, chipPublicKey, chipSigner } from "../support/signing.ts";
import { start } from "../support/start.ts";
import { failOnUnhandled } from "../support/unhandled.ts";

failOnUnhandled();

describe.each(hosts)("$name", (host) => {
  test("a flood of forgeries asks the source of the keys once, not once each", async () => {
    const resolve = vi.fn(async () => chipPublicKey);
    const { receiver, events } = createProbe(chip({ publicKey: resolve }));
    const { url } = await start(host, receiver);
    const { headers } = chipSigner.event();

    const forgeries = Array.from({ length: 200 }, (_, index) => ({ headers, body: `{"id":"${index}"}` }));
    const answers = await Promise.all(forgeries.map((forgery) => post(url, forgery)));

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    expect(resolve).toHaveBeenCalledOnce();
    expect((await post(url, chipSigner.event())).status).toBe(200);
    expect(resolve).toHaveBeenCalledOnce();
    expect(events).toHaveLength(1);
  });

  test("a key source that is away makes forgeries 503 too, and comes back by itself", async () => {
    let isAway = true;
    const keys = async (): Promise<string> => {
      if (isAway) throw new Error("no route to host");
      return chipPublicKey;
    };
    const scheme = publicKey({ header: "x-signature", encoding: "base64", algorithm: "rsa-pkcs1", keys });
    const clock = createMovingClock();
    const { receiver } = createProbe({ ...chipSigner.provider, scheme }, { clock });
    const { url } = await start(host, receiver);
    const good = chipSigner.event();
    expect((await post(url, good)).status).toBe(503);
    expect((await post(url, { ...good, body: "{}" })).status).toBe(503);
    isAway = false;
    clock.move(6_000);
    expect((await post(url, good)).status).toBe(200);
    expect((await post(url, { ...good, body: "{}" })).status).toBe(401);
  });

  test("five hundred headers of junk hide no repeated signature and let no other in", async () => {
    const { receiver, events } = createProbe(acme.provider);
    const { port } = await start(host, receiver);
    const { headers, body } = acme.event();
    const lines: readonly HeaderLine[] = [...Object.entries(headers), ["content-length", String(body.length)]];
    const junk = Array.from({ length: 500 }, (_, index): HeaderLine => [`x${index}`, ""]);
    const repeated: HeaderLine = ["x-acme-signature", "sha256=00"];

    const refused = host.isFetchStyle ? 401 : 400;
    expect((await sendRaw(port, requestHead([...lines, ...junk, repeated]), body)).status).toBe(refused);
    expect((await sendRaw(port, requestHead([repeated, ...junk, ...lines]), body)).status).toBe(refused);
    expect(events).toEqual([]);
    expect((await sendRaw(port, requestHead([...junk, ...lines]), body)).status).toBe(200);
  });

  test("a delivery hidden in the body of another is a body, not a delivery", async () => {
    const { receiver, events } = createProbe(acme.provider);
    const { port } = await start(host, receiver);
    const hidden = acme.event();
    const inner = `${requestHead([...Object.entries(hidden.headers), ["content-length", String(hidden.body.length)]])}${hidden.body.toString()}`;
    const outer = acme.sign(inner);
    const connection = await openRaw(port);

    connection.write(requestHead([...Object.entries(outer.headers), ["content-length", String(outer.body.length)]]));
    connection.write(outer.body);
    expect((await connection.answer()).text).toBe('{"error":"ERR_BODY_MALFORMED"}');
    connection.write(
      requestHead([
        ["content-type", "text/plain"],
        ["content-length", String(inner.length)],
      ]),
    );
    connection.write(inner);
    expect((await connection.answer()).status).toBe(415);
    if (host.isBehindGateway) connection.socket.end(); // it has read the body, and waits for the next request
    await connection.closed;
    expect(events).toEqual([]);
  });
});

describe.each(streamingHosts)("$name", (host) => {
  test("a sender that waits for 100 Continue is served, and refused without its body", async () => {
    const { receiver, reports } = createProbe(acme.provider);
    const { port } = await start(host, receiver);
    const { headers, body } = acme.event();
    const expecting: readonly HeaderLine[] = [
      ["expect", "100-continue"],
      ["content-length", String(body.length)],
    ];

    const good = await openRaw(port);
    good.write(requestHead([...Object.entries(headers), ...expecting]));
    expect((await good.answer()).status).toBe(100);
    good.write(body);
    expect((await good.answer()).status).toBe(200);
    good.socket.destroy();

    const refused = await openRaw(port);
    refused.write(requestHead([["content-type", "application/json"], ...expecting]));
    expect((await refused.answer()).status).toBe(100);
    expect((await refused.answer()).status).toBe(401);
    refused.socket.destroy();
    expect(reports.map(({ outcome }) => outcome)).toEqual(["handled", "rejected"]);
  });
});
