import { Agent, request as send } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

import { describe, expect, onTestFinished, test } from "vitest";

import type { AdapterMount, RunningAdapterHost } from "../support/adapter-host.ts";
import { adapterHosts } from "../support/hosts.ts";
import { post } from "../support/post.ts";
import { createProbe } from "../support/probe.ts";
import { acme, acmeProvider } from "../support/signing.ts";

// What an adapter owes to the app around it. What it owes to senders is under test/attacks.

const json = { "content-type": "application/json" };

describe.each(adapterHosts)("$name", (host) => {
  async function start(...mounts: readonly AdapterMount[]): Promise<RunningAdapterHost> {
    const running = await host.start(mounts);
    onTestFinished(() => running.kill());
    return running;
  }

  test("leaves the app's other routes, its parser and its error handler as they were", async () => {
    const { receiver, reports } = createProbe(acme.provider);
    const { url } = await start({ path: "/hook", receiver });
    expect((await post(`${url}/own/hello`, { method: "GET" })).text).toBe("hello");
    const echoed = await post(`${url}/own/echo`, { headers: json, body: ' { "a" : 1.0 }' });
    expect(JSON.parse(echoed.text)).toEqual({ own: { a: 1 } });
    expect(await post(`${url}/own/fail`, { method: "GET" })).toMatchObject({ status: 418, text: '{"own":"error"}' });
    expect(reports).toEqual([]);
  });

  test("keeps failures of handlers away from the app's error handler", async () => {
    const { receiver } = createProbe(acme.provider, { handler: () => Promise.reject(new Error("no stock")) });
    const { url } = await start({ path: "/hook", receiver });
    const answer = await post(`${url}/hook`, acme.event());
    expect(answer).toMatchObject({ status: 500, text: '{"error":"ERR_HANDLER_FAILED"}' });
  });

  test("takes no other method than POST, and answers HEAD without a body", async () => {
    const { receiver, events } = createProbe(acme.provider);
    const { url } = await start({ path: "/hook", receiver });
    for (const method of ["GET", "PUT", "DELETE"]) {
      const { status, headers } = await post(`${url}/hook`, { ...acme.event(), method });
      expect([status, headers["allow"]]).toEqual([405, "POST"]);
    }
    expect(await post(`${url}/hook`, { method: "HEAD" })).toMatchObject({ status: 405, text: "" });
    expect(events).toEqual([]);
  });

  test("gets no delivery of another path, and survives a slash behind its own", async () => {
    const { receiver, events, reports } = createProbe(acme.provider);
    const { url } = await start({ path: "/hook", receiver });
    for (const path of ["/hooks", "/hook/more", "/", "/HOOK%00"]) {
      const { status } = await post(`${url}${path}`, acme.event());
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
    }
    expect([events, reports]).toEqual([[], []]);
    expect((await post(`${url}/hook/`, acme.event())).status).toBeLessThan(500);
  });

  test("is one endpoint on two paths, and two receivers are two", async () => {
    const [one, other] = [createProbe(acme.provider), createProbe(acmeProvider("another secret, of another app"))];
    const { url } = await start(
      { path: "/hook", receiver: one.receiver },
      { path: "/hook-again", receiver: one.receiver },
      { path: "/other", receiver: other.receiver },
    );
    const event = acme.event();
    expect((await post(`${url}/hook`, event)).text).toBe('{"outcome":"handled"}');
    expect((await post(`${url}/hook-again`, event)).text).toBe('{"outcome":"duplicate"}');
    expect((await post(`${url}/other`, event)).status).toBe(401);
    expect([one.events.length, other.events.length]).toEqual([1, 0]);
  });

  test("hands on path and query as they were sent, and the address of the socket", async () => {
    const { receiver, reports } = createProbe({
      ...acme.provider,
      scheme: {
        headers: [],
        verify({ url, remoteAddress, body }) {
          seen.push(url, remoteAddress);
          return body;
        },
      },
    });
    const seen: unknown[] = [];
    const { url } = await start({ path: "/hook", receiver });
    await post(`${url}/hook?key=a+b%2Fc&x=&x=1`, acme.event());
    expect(reports[0]?.error).toBeUndefined();
    expect(seen).toEqual(["/hook?key=a+b%2Fc&x=&x=1", "127.0.0.1"]);
  });

  test("counts the bytes of a reply, not its characters", async () => {
    const challenge = "réponse ☕ 終";
    const { receiver } = createProbe({
      ...acme.provider,
      handshake: () => ({ status: 200, headers: { "content-type": "text/plain; charset=utf-8" }, body: challenge }),
    });
    const { url } = await start({ path: "/hook", receiver });
    const answer = await post(`${url}/hook`, acme.event());
    expect(answer.text).toBe(challenge);
    expect(answer.headers["content-length"] ?? "20").toBe(String(Buffer.byteLength(challenge)));
  });

  test("keeps the connection for the next delivery after one that was read and refused", async () => {
    const { receiver } = createProbe(acme.provider);
    const { url } = await start({ path: "/hook", receiver });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    const refused = { ...acme.event(), body: Buffer.from("{}") };
    const ports = new Set<number | undefined>();
    for (const [delivery, expected] of [
      [refused, 401],
      [acme.event(), 200],
      [refused, 401],
      [acme.event(), 200],
    ] as const) {
      const status = await new Promise((resolve, reject) => {
        const headers = { ...delivery.headers, "content-length": delivery.body.length };
        const sent = send(`${url}/hook`, { agent, method: "POST", headers }, (response) => {
          ports.add(response.socket.localPort);
          response.resume().on("end", () => resolve(response.statusCode));
        });
        sent.on("error", reject).end(delivery.body);
      });
      expect(status).toBe(expected);
    }
    expect(ports.size).toBe(1);
  });

  test("answers a delivery that is under way when the app is told to end", async () => {
    let hasStarted = (): void => {};
    const started = new Promise<void>((resolve) => (hasStarted = resolve));
    const { receiver } = createProbe(acme.provider, {
      async handler() {
        hasStarted();
        await sleep(100);
      },
    });
    const running = await start({ path: "/hook", receiver });
    const { headers, body } = acme.event();
    const answer = post(`${running.url}/hook`, { headers: { ...headers, connection: "close" }, body });
    await started;
    const stopped = running.stop();
    expect((await answer).text).toBe('{"outcome":"handled"}');
    await stopped;
    await expect(fetch(`${running.url}/own/hello`)).rejects.toThrow("fetch failed");
  });
});
