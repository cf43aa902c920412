import assert from "node:assert/strict";

import { assertAnswer, eventBody, withHost } from "../bench.ts";
import type { Endpoint } from "../bench.ts";
import type { AdapterHost } from "../host.ts";
import { openRaw, requestHead } from "../raw-client.ts";
import type { RawConnection } from "../raw-client.ts";

const maxBodyBytes = 10_000;

/** A body of exactly so many bytes. */
function bodyOf(bytes: number): Buffer {
  const empty = eventBody("probe.ok", { text: "" }).length;
  return eventBody("probe.ok", { text: "x".repeat(bytes - empty) });
}

/** The limit, to the byte, and that nobody is listened to beyond it. */
export function bodyLimit(host: AdapterHost): Promise<void> {
  return withHost(host, [{ maxBodyBytes }], async ({ url, endpoints: [hook] }) => {
    for (const isChunked of [false, true]) {
      assertAnswer(await hook.deliver(bodyOf(maxBodyBytes), { isChunked }), 200, "handled", "a body at the limit");
      const over = await hook.deliver(bodyOf(maxBodyBytes + 1), { isChunked });
      assertAnswer(over, 413, "ERR_BODY_TOO_LARGE", "a body one byte over the limit");
    }

    const [declared, endless] = await sendTooMuch(url, hook);
    assert.equal(await declared.status(), 413, "A length over the limit is not refused before the body comes.");
    assert.equal(await endless.status(), 413, "A body without an end is not refused at the limit.");
    declared.destroy();
    endless.destroy();
  });
}

/** Whoever was refused may go on sending, but not for long. */
export function refusedConnection(host: AdapterHost): Promise<void> {
  return withHost(host, [{ maxBodyBytes }], async ({ url, endpoints: [hook] }) => {
    const connections = await sendTooMuch(url, hook);
    await Promise.all(connections.map((connection) => connection.closed()));
  });
}

/** Two senders of too much: one says so before, the other does not. */
async function sendTooMuch(url: string, hook: Endpoint): Promise<readonly [RawConnection, RawConnection]> {
  const [declared, endless] = [await openRaw(url), await openRaw(url)];
  declared.write(requestHead(hook.path, { ...hook.sign(Buffer.alloc(0)), "content-length": 300_000_000 }));
  endless.write(requestHead(hook.path, { ...hook.sign(Buffer.alloc(0)), "transfer-encoding": "chunked" }));
  const chunk = `2000\r\n${"x".repeat(0x2000)}\r\n`;
  for (let count = 0; count < 4; count++) endless.write(chunk);
  return [declared, endless];
}

/** What comes is not as long as was said. */
export function lyingLength(host: AdapterHost): Promise<void> {
  return withHost(host, [{ bodyTimeoutMs: 500 }], async ({ url, endpoints: [hook] }) => {
    const body = eventBody("probe.ok");
    const lie = async (length: number): Promise<void> => {
      const connection = await openRaw(url);
      connection.write(requestHead(hook.path, { ...hook.sign(body), "content-length": length }));
      connection.write(body);
      const status = await connection.status();
      connection.destroy();
      assert.ok(status >= 400 && status < 500, `A length of ${length} for ${body.length} bytes is answered ${status}.`);
    };
    await Promise.all([0, 1, body.length - 1, body.length + 1, body.length + 1000].map(lie));
    assert.equal((await hook.tell()).handled, 0);
    assertAnswer(await hook.deliver(body), 200, "handled", "the same body with its own length");
  });
}

/** Half a body, then nobody. */
export function abortedSender(host: AdapterHost): Promise<void> {
  return withHost(host, [{}], async ({ url, endpoints: [hook] }) => {
    const body = eventBody("probe.ok", { text: "x".repeat(5_000) });
    for (const framing of [{ "content-length": body.length }, { "transfer-encoding": "chunked" }] as const) {
      const connection = await openRaw(url);
      connection.write(requestHead(hook.path, { ...hook.sign(body), ...framing }));
      connection.write(
        "content-length" in framing ? body.subarray(0, 2_000) : `7d0\r\n${body.toString("latin1", 0, 2_000)}`,
      );
      await hook.tell(); // by now the first half has been read
      connection.destroy();
    }
    assertAnswer(await hook.deliver(body), 200, "handled", "an event whose first sender went away");
  });
}

/** A sender that never comes to an end. */
export function slowSender(host: AdapterHost): Promise<void> {
  return withHost(host, [{ bodyTimeoutMs: 400 }], async ({ url, endpoints: [hook] }) => {
    const body = eventBody("probe.ok");
    const connections = await Promise.all(Array.from({ length: 20 }, () => openRaw(url)));
    for (const connection of connections) {
      connection.write(requestHead(hook.path, { ...hook.sign(body), "content-length": body.length }));
      connection.write(body.subarray(0, 1));
    }
    assertAnswer(await hook.deliver(body), 200, "handled", "a good delivery among slow ones");
    for (const connection of connections) {
      assert.equal(await connection.status(), 408);
      connection.destroy();
    }
  });
}
