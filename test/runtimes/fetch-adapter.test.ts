import { describe, expect, onTestFinished, test } from "vitest";

import { post } from "../support/post.ts";
import { openRaw, requestHead, sendRaw } from "../support/raw-http.ts";
import type { RawConnection } from "../support/raw-http.ts";
import { acme, acmeSecret } from "../support/signing.ts";
import type { SignedRequest } from "../support/signing.ts";
import type { RunningAdapterHost } from "@hooklatch/conformance/adapter";
import type { MountSetup, Told } from "./apps/mount.ts";
import { runtimeHosts } from "./hosts.ts";

describe.each(runtimeHosts)("the fetch adapter on $name", (host) => {
  async function start(setup: Partial<MountSetup> = {}): Promise<RunningAdapterHost> {
    const running = await host.start([{ path: "/hook", secret: acmeSecret, ...setup }]);
    onTestFinished(() => running.kill());
    return running;
  }
  const toldBy = async ({ url }: RunningAdapterHost): Promise<Told> =>
    JSON.parse((await post(`${url}/own/told`, { method: "GET" })).text) as Told;
  // A request on another connection may overtake one.
  const received = (running: RunningAdapterHost, count: number): Promise<void> =>
    expect.poll(async () => (await toldBy(running)).senders.length, { interval: 5 }).toBe(count);
  const portOf = ({ url }: RunningAdapterHost): number => Number(new URL(url).port);
  async function sendWhole(running: RunningAdapterHost, { headers, body }: SignedRequest): Promise<RawConnection> {
    const connection = await openRaw(portOf(running));
    connection.write(requestHead([...linesOf(headers), ["content-length", String(body.length)]]));
    connection.write(body);
    return connection;
  }
  const linesOf = (headers: Readonly<Record<string, string>>) => Object.entries(headers);

  test("lets an event through once, and nothing that is not proven", async () => {
    const running = await start();
    const event = acme.event();
    const send = (delivery: Parameters<typeof post>[1]) => post(`${running.url}/hook`, delivery);
    expect(await send(event)).toMatchObject({ status: 200, text: '{"outcome":"handled"}' });
    expect(await send(event)).toMatchObject({ status: 200, text: '{"outcome":"duplicate"}' });
    const forged = { ...acme.event(), body: Buffer.from("{}") };
    expect(await send(forged)).toMatchObject({ status: 401, text: '{"error":"ERR_SIGNATURE_MISMATCH"}' });
    expect(await send({ headers: { "content-type": "application/json" } })).toMatchObject({ status: 401 });
    for (const method of ["GET", "PUT", "HEAD"]) {
      const { status, headers } = await send({ method });
      expect([status, headers["allow"]]).toEqual([405, "POST"]);
    }
  });

  test("refuses too large a body without reading it all, declared or not", async () => {
    const running = await start({ options: { maxBodyBytes: 1000 } });
    const { headers } = acme.sign("x".repeat(2000));
    const chunk = `100\r\n${"x".repeat(256)}\r\n`;
    const head = (line: readonly [string, string]): string => requestHead([...linesOf(headers), line]);
    expect(await sendRaw(portOf(running), head(["content-length", "300000000"]))).toMatchObject({ status: 413 });
    const chunked = await sendRaw(portOf(running), head(["transfer-encoding", "chunked"]), chunk.repeat(8));
    expect(chunked).toMatchObject({ status: 413, text: '{"error":"ERR_BODY_TOO_LARGE"}' });
  });

  test("answers 408 to a body that does not arrive in time", async () => {
    const running = await start({ options: { bodyTimeoutMs: 300 } });
    const { headers } = acme.event();
    const answer = await sendRaw(portOf(running), requestHead([...linesOf(headers), ["content-length", "90"]]), "{");
    expect(answer).toMatchObject({ status: 408, text: '{"error":"ERR_BODY_TIMEOUT"}' });
  });

  test("verifies bytes that are no text, and hands a chunked body on as one", async () => {
    const running = await start();
    const { headers, body } = acme.sign(Buffer.from([0x7b, 0xff, 0x7d]));
    expect((await post(`${running.url}/hook`, { headers, body })).text).toBe('{"error":"ERR_BODY_NOT_UTF8"}');
    const event = acme.event();
    const chunks = [...event.body].map((byte) => Buffer.from(`1\r\n${String.fromCharCode(byte)}\r\n`, "latin1"));
    const head = requestHead([...linesOf(event.headers), ["transfer-encoding", "chunked"]]);
    expect((await sendRaw(portOf(running), head, ...chunks, "0\r\n\r\n")).text).toBe('{"outcome":"handled"}');
  });

  test("gives every copy but one of an event that is being handled a 503", async () => {
    const running = await start({ handlerMs: 300 });
    const event = acme.event();
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(`${running.url}/hook`, event)));
    const withStatus = (wanted: number) => answers.filter(({ status }) => status === wanted);
    expect([withStatus(200).length, withStatus(503).length]).toEqual([1, 9]);
  });

  test.each([
    ["with waitUntil", {}],
    ["without it", { isForgetful: true }],
  ])("survives a sender who goes away while others wait for the secret it asked for, %s", async (_, setup) => {
    const running = await start({ ...setup, resolverMs: 300 });
    const first = await sendWhole(running, acme.event());
    await received(running, 1);
    const waiting = Array.from({ length: 5 }, () => post(`${running.url}/hook`, acme.event()));
    await received(running, 6);
    first.socket.resetAndDestroy();
    // Only Workers drop the work of a request.
    const isDropped = host.name === "workerd" && "isForgetful" in setup;
    const expected = isDropped ? '{"error":"ERR_KEY_SOURCE_UNAVAILABLE"}' : '{"outcome":"handled"}';
    expect((await Promise.all(waiting)).map(({ text }) => text)).toEqual(Array.from({ length: 5 }, () => expected));
    expect((await post(`${running.url}/hook`, acme.event())).text).toBe('{"outcome":"handled"}');
  });

  test("has the oldest body that is on its way give way to the newest delivery", async () => {
    const running = await start({ options: { maxInFlight: 2 } });
    const { headers } = acme.event();
    const [oldest, other] = [await openRaw(portOf(running)), await openRaw(portOf(running))];
    oldest.write(requestHead([...linesOf(headers), ["content-length", "90"]]));
    await received(running, 1);
    other.write(requestHead([...linesOf(headers), ["content-length", "90"]]));
    await received(running, 2);
    expect((await post(`${running.url}/hook`, acme.event())).text).toBe('{"outcome":"handled"}');
    expect(await oldest.answer()).toMatchObject({ status: 503, text: '{"error":"ERR_OVERLOADED"}' });
    oldest.socket.destroy();
    other.socket.destroy();
  });

  test("handles an event whose sender goes away", async () => {
    const running = await start({ handlerMs: 300 });
    const connection = await sendWhole(running, acme.event());
    await received(running, 1);
    connection.socket.resetAndDestroy();
    await expect.poll(async () => (await toldBy(running)).outcomes).toEqual(["handled"]);
  });

  test("counts the bytes of a reply, not its characters", async () => {
    const challenge = "réponse ☕ 終";
    const running = await start({ challenge });
    const answer = await post(`${running.url}/hook`, acme.event());
    expect(answer.text).toBe(challenge);
    expect(answer.headers["content-length"] ?? "20").toBe(String(Buffer.byteLength(challenge)));
  });

  test("knows the sender's address where the runtime tells it", async () => {
    const running = await start();
    await post(`${running.url}/hook`, { headers: { "cf-connecting-ip": "192.0.2.7" } });
    expect((await toldBy(running)).senders).toEqual([host.name === "workerd" ? "192.0.2.7" : "127.0.0.1"]);
  });

  test("hands on path and query as they were sent, and nothing of other paths", async () => {
    const running = await start();
    for (const path of ["/hook?key=a+b%2Fc&x=&x=1", "/hooks", "/hook/more", "/HOOK%00"]) {
      await post(running.url + path, acme.event());
    }
    expect((await toldBy(running)).urls).toEqual(["/hook?key=a+b%2Fc&x=&x=1"]);
  });

  test("keeps failures of handlers away from the app's error handler", async () => {
    const running = await start({ isBroken: true });
    const answer = await post(`${running.url}/hook`, acme.event());
    expect(answer).toMatchObject({ status: 500, text: '{"error":"ERR_HANDLER_FAILED"}' });
  });

  test("refuses a signature that came twice", async () => {
    const running = await start();
    const { headers, body } = acme.event();
    const signature = headers["x-acme-signature"] ?? expect.unreachable();
    for (const twice of [
      [signature, signature],
      [signature, "sha256=00"],
    ]) {
      const answer = await post(`${running.url}/hook`, { headers: { ...headers, "x-acme-signature": twice }, body });
      expect(answer).toMatchObject({ status: 401, text: '{"error":"ERR_SIGNATURE_MALFORMED"}' });
    }
  });

  test("keeps the connection for the next delivery after one that was read and refused", async () => {
    const running = await start();
    const connection = await openRaw(portOf(running));
    const { headers, body } = acme.event();
    const head = requestHead([...linesOf(headers), ["content-length", String(body.length)]]);
    for (const [bytes, expected] of [
      [Buffer.alloc(body.length, "x"), 401],
      [body, 200],
    ] as const) {
      connection.write(head);
      connection.write(bytes);
      expect((await connection.answer()).status).toBe(expected);
    }
    connection.socket.destroy();
  });

  test("is told of a sender who goes away half way", async () => {
    const running = await start();
    const connection = await openRaw(portOf(running));
    connection.write(requestHead([...linesOf(acme.event().headers), ["content-length", "90"]]));
    connection.write("{");
    await received(running, 1);
    connection.socket.resetAndDestroy();
    await expect.poll(async () => (await toldBy(running)).outcomes).toEqual(["rejected"]);
  });

  test("says so when the app has read the body before", async () => {
    const running = await start({ behind: "parser" });
    const answer = await post(`${running.url}/hook`, acme.event());
    expect(answer).toMatchObject({ status: 500, text: '{"error":"ERR_BODY_CONSUMED"}' });
  });

  test("leaves the app's other routes and its error handler as they were", async () => {
    const { url } = await start();
    expect((await post(`${url}/own/hello`, { method: "GET" })).text).toBe("hello");
    expect((await post(`${url}/own/echo`, { body: ' { "a" : 1.0 }' })).text).toBe('{"own":{"a":1}}');
    expect(await post(`${url}/own/fail`, { method: "GET" })).toMatchObject({ status: 418, text: '{"own":"error"}' });
  });

  test("answers a delivery that is under way when the app is told to end", async () => {
    const running = await start({ handlerMs: 300 });
    const { headers, body } = acme.event();
    const answer = post(`${running.url}/hook`, { headers: { ...headers, connection: "close" }, body });
    await received(running, 1);
    const stopped = running.stop();
    expect((await answer).text).toBe('{"outcome":"handled"}');
    await stopped;
    await expect(fetch(`${running.url}/own/hello`)).rejects.toThrow("fetch failed");
  });
});
