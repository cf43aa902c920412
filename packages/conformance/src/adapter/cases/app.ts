import assert from "node:assert/strict";

import { assertAnswer, eventBody, withHost } from "../bench.ts";
import type { AdapterHost } from "../host.ts";
import { send } from "../http-client.ts";

/** What the app around the receiver serves. */
export function ownRoutes(host: AdapterHost): Promise<void> {
  return withHost(host, [{}], async ({ url, endpoints: [hook] }) => {
    await hook.deliver(eventBody("probe.ok"));
    const hello = await send(`${url}/own/hello`, { method: "GET" });
    assert.deepEqual([hello.status, hello.text], [200, "hello"]);
    const headers = { "content-type": "application/json" };
    const echo = await send(`${url}/own/echo`, { headers, body: Buffer.from(' { "a" : 1.0 }') });
    assert.deepEqual(JSON.parse(echo.text), { own: { a: 1 } }, "The host's own parser no longer works.");
    const fail = await send(`${url}/own/fail`, { method: "GET" });
    assert.deepEqual([fail.status, fail.text], [418, '{"own":"error"}'], "The host's error handler no longer works.");
    assert.equal((await hook.tell()).handled, 1);
  });
}

/** Paths that are not the receiver's. */
export function paths(host: AdapterHost): Promise<void> {
  return withHost(host, [{}], async ({ url, endpoints: [hook] }) => {
    for (const path of ["/hooks", "/hook/more", "/", "/HOOK%00"]) {
      const body = eventBody("probe.ok");
      const { status } = await send(url + path, { headers: hook.sign(body), body });
      assert.ok(status >= 400 && status < 500, `A delivery to ${path} is answered ${status}.`);
    }
    assert.equal((await hook.tell()).handled, 0, "The receiver got what was sent to another path.");
    const slash = eventBody("probe.ok");
    const { status } = await send(`${hook.url}/`, { headers: hook.sign(slash), body: slash });
    assert.ok(status < 500, `A slash at the end is answered ${status}.`);
  });
}

/** One receiver at two places. */
export function mountedTwice(host: AdapterHost): Promise<void> {
  const shared = { name: "shared" };
  return withHost(host, [{ ...shared }, { ...shared, path: "/hook-again" }], async ({ endpoints: [one, again] }) => {
    assert.ok(again);
    const body = eventBody("probe.ok");
    assertAnswer(await one.deliver(body), 200, "handled", "an event at the first path");
    assertAnswer(await again.deliver(body), 200, "duplicate", "the same event at the second path");
  });
}

/** Two receivers in one app. */
export function twoReceivers(host: AdapterHost): Promise<void> {
  return withHost(host, [{}, { path: "/other" }], async ({ endpoints: [one, other] }) => {
    assert.ok(other);
    const body = eventBody("probe.ok");
    assertAnswer(await one.deliver(body), 200, "handled", "an event at its own receiver");
    const stray = await other.deliver(body, { headers: one.sign(body) });
    assertAnswer(stray, 401, "ERR_SIGNATURE_MISMATCH", "an event at another receiver");
    assertAnswer(await other.deliver(body), 200, "handled", "the same id at another receiver");
    assert.deepEqual([(await one.tell()).handled, (await other.tell()).handled], [1, 1]);
  });
}

/** The end of the app, as its framework's documentation has it. */
export function shutdown(host: AdapterHost): Promise<void> {
  return withHost(host, [{}], async ({ url, endpoints: [hook], stop }) => {
    const answer = hook.deliver(eventBody("probe.slow"), { headers: { connection: "close" } });
    // Once this is answered, the delivery before it has been read.
    await hook.tell({ headers: { connection: "close" } });
    const stopped = stop();
    assertAnswer(await answer, 200, "handled", "a delivery that was under way");
    await stopped;
    await assert.rejects(fetch(`${url}/own/hello`), "The host still takes connections.");
  });
}
