import assert from "node:assert/strict";
import { Agent } from "node:http";

import { assertAnswer, eventBody, withHost } from "../bench.ts";
import type { AdapterHost } from "../host.ts";
import { send } from "../http-client.ts";
import { signatureHeader } from "../probe.ts";
import { openRaw, requestHead } from "../raw-client.ts";

/** Names in any case; a signature that came twice. */
export function headerLines(host: AdapterHost): Promise<void> {
  return withHost(host, [{}], async ({ url, endpoints: [hook] }) => {
    const body = eventBody("probe.ok");
    const lines = Object.entries(hook.sign(body)).map(([name, value]) => [name.toUpperCase(), value] as const);
    const shouting = await openRaw(url);
    shouting.write(requestHead(hook.path, { ...Object.fromEntries(lines), "CONTENT-length": body.length }));
    shouting.write(body);
    assert.equal(await shouting.status(), 200, "Headers are not found in another case.");
    shouting.destroy();

    const other = eventBody("probe.ok");
    const signature = hook.sign(other)[signatureHeader] ?? "";
    for (const values of [
      [signature, signature],
      [signature, "00"],
      ["00", signature],
    ]) {
      const answer = await hook.deliver(other, { headers: { [signatureHeader]: values } });
      // A host may have joined them by then: what is left is a signature that is malformed.
      assert.ok([400, 401].includes(answer.status), `A signature that came twice is answered ${answer.status}.`);
    }
    assert.equal((await hook.tell()).handled, 1);
  });
}

/** A reply whose bytes are more than its characters. */
export function replyLength(host: AdapterHost): Promise<void> {
  return withHost(host, [{}], async ({ endpoints: [hook] }) => {
    const say = "réponse ☕ 終".repeat(20);
    assert.equal((await hook.tell({ say })).say, say);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    try {
      // A length that is too small would leave its rest to be read as the head of the next answer.
      assert.equal((await hook.tell({ say, agent })).say, say);
      assert.equal((await hook.tell({ say, agent })).say, say);
    } finally {
      agent.destroy();
    }
  });
}

/** POST and nothing else. */
export function methods(host: AdapterHost): Promise<void> {
  return withHost(host, [{}], async ({ endpoints: [hook] }) => {
    const body = eventBody("probe.ok");
    for (const method of ["GET", "PUT", "DELETE"]) {
      const answer = await hook.deliver(body, { method });
      assertAnswer(answer, 405, "ERR_METHOD_NOT_ALLOWED", method);
      assert.equal(answer.headers["allow"], "POST");
    }
    const { status, text } = await send(hook.url, { method: "HEAD" });
    assert.deepEqual([status, text], [405, ""], "HEAD is not answered as it should be.");
    assert.equal((await hook.tell()).handled, 0);
  });
}

/** One connection for good deliveries and bad ones. */
export function keepAlive(host: AdapterHost): Promise<void> {
  return withHost(host, [{}], async ({ endpoints: [hook] }) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    try {
      const ports = new Set<number | undefined>();
      for (let round = 0; round < 3; round++) {
        const body = eventBody("probe.ok");
        const forged = await hook.deliver(body, { agent, headers: hook.sign(eventBody("probe.ok")) });
        assertAnswer(forged, 401, "ERR_SIGNATURE_MISMATCH", "a forged delivery");
        const good = await hook.deliver(body, { agent });
        assertAnswer(good, 200, "handled", "a delivery on the connection of a forged one");
        ports.add(forged.localPort).add(good.localPort);
      }
      assert.equal(ports.size, 1, "The connection was not kept.");
    } finally {
      agent.destroy();
    }
  });
}

/** What handlers throw is between the receiver and the operator. */
export function handlerFailure(host: AdapterHost): Promise<void> {
  return withHost(host, [{}], async ({ endpoints: [hook] }) => {
    const answer = await hook.deliver(eventBody("probe.fail"));
    assertAnswer(answer, 500, "ERR_HANDLER_FAILED", "an event whose handler fails");
  });
}

/** Path and query, to the letter. */
export function exactUrl(host: AdapterHost): Promise<void> {
  return withHost(host, [{}], async ({ endpoints: [hook] }) => {
    for (const query of ["", "?", "?key=a+b%2Fc&x=&x=1", "?a=%C3%A9&b=%2B", "?a[b]=1&&c"]) {
      const { url: told } = await hook.tell({ query });
      // Some hosts hand on no question mark that nothing stands behind.
      assert.ok(told === hook.path + query || told + "?" === hook.path + query, `${query} came as ${told}`);
    }
  });
}

/** A secret in the query, where a platform signs nothing. */
export function querySecret(host: AdapterHost): Promise<void> {
  return withHost(host, [{ proof: "query" }], async ({ endpoints: [hook] }) => {
    const body = eventBody("probe.ok");
    const json = { "content-type": "application/json" };
    const bad = await send(`${hook.url}?key=${hook.setup.secret}0`, { headers: json, body });
    assert.equal(bad.status, 401, "Another secret in the query is taken.");
    const good = await send(`${hook.url}?a=1&key=${hook.setup.secret}`, { headers: json, body });
    assertAnswer(good, 200, "handled", "a delivery with the secret in its query");
  });
}

/** The address that the connection comes from. */
export function remoteAddress(host: AdapterHost): Promise<void> {
  const mounts = [
    { proof: "address", addresses: ["127.0.0.1"] },
    { path: "/elsewhere", proof: "address", addresses: ["192.0.2.1"] },
  ] as const;
  return withHost(host, [...mounts], async ({ endpoints: [here, elsewhere] }) => {
    const headers = { "x-forwarded-for": "192.0.2.1", forwarded: "for=192.0.2.1", "x-real-ip": "192.0.2.1" };
    const { remoteAddress: told } = await here.tell({ headers });
    assert.ok(told === "127.0.0.1" || told === "::ffff:127.0.0.1", `The address came as ${told}.`);
    const forged = await elsewhere?.deliver(eventBody("probe.ok"), { headers });
    assert.equal(forged?.status, 401, "An address in a header is taken for that of the connection.");
  });
}
