import assert from "node:assert/strict";

import { assertAnswer, eventBody, withHost } from "../bench.ts";
import type { AdapterHost } from "../host.ts";
import { openRaw, requestHead } from "../raw-client.ts";

const mark = Buffer.from([0xef, 0xbb, 0xbf]);
const good = (): Buffer => eventBody("probe.ok", { text: "réponse ☕ 終 😀 $& $$ \u2028" });

/** Signed bodies, with the answer that only their exact bytes can have. Anything else would be a mismatch, 401. */
const bodies = (): readonly (readonly [what: string, body: Buffer, status: number, told: string])[] => [
  ["unicode", good(), 200, "handled"],
  ["a byte order mark", Buffer.concat([mark, good()]), 200, "handled"],
  ["CRLF and spaces at the end", Buffer.concat([good(), Buffer.from(" \r\n\r\n")]), 200, "handled"],
  ["escapes and numbers in odd forms", withText(String.raw`\u0026 \/ é`, "1.0"), 200, "handled"],
  ["a NUL", Buffer.concat([good(), Buffer.from([0])]), 400, "ERR_BODY_MALFORMED"],
  ["bytes that are not UTF-8", Buffer.concat([good(), Buffer.from([0xff, 0xfe])]), 400, "ERR_BODY_NOT_UTF8"],
  ["no bytes at all", Buffer.alloc(0), 400, "ERR_BODY_MALFORMED"],
  ["broken JSON", Buffer.from('{"id":'), 400, "ERR_BODY_MALFORMED"],
  ["a text that is no object", Buffer.from('"text"'), 400, "ERR_BODY_NOT_OBJECT"],
];

/** Whatever came is what is proven. */
export function exactBytes(host: AdapterHost): Promise<void> {
  return withHost(host, [{}], async ({ endpoints: [hook] }) => {
    for (const isChunked of [false, true]) {
      for (const [what, body, status, told] of bodies()) {
        assertAnswer(await hook.deliver(body, { isChunked }), status, told, what);
      }
    }
    const body = good();
    const changed = await hook.deliver(Buffer.concat([body, Buffer.from(" ")]), { headers: hook.sign(body) });
    assertAnswer(changed, 401, "ERR_SIGNATURE_MISMATCH", "a body with one byte more");
  });
}

/** A body whose every byte is a chunk of its own. */
export function oneByteChunks(host: AdapterHost): Promise<void> {
  return withHost(host, [{}], async ({ url, endpoints: [hook] }) => {
    const body = eventBody("probe.ok", { text: "☕".repeat(200) });
    const connection = await openRaw(url);
    try {
      connection.write(requestHead(hook.path, { ...hook.sign(body), "transfer-encoding": "chunked" }));
      for (const byte of body) connection.write(Buffer.from([0x31, 0x0d, 0x0a, byte, 0x0d, 0x0a]));
      connection.write("0\r\n\r\n");
      assert.equal(await connection.status(), 200);
    } finally {
      connection.destroy();
    }
  });
}

/** A body that no framework takes by default. */
export function largeBody(host: AdapterHost): Promise<void> {
  return withHost(host, [{ maxBodyBytes: 6_000_000 }], async ({ endpoints: [hook] }) => {
    for (const isChunked of [false, true]) {
      const body = eventBody("probe.ok", { text: "0123456789".repeat(500_000) });
      assertAnswer(await hook.deliver(body, { isChunked }), 200, "handled", "a body of 5 MB");
    }
  });
}

/** The host's own parser was first. */
export function bodyConsumed(host: AdapterHost): Promise<void> {
  return withHost(host, [{ behind: "parser" }], async ({ url, endpoints: [hook] }) => {
    assertAnswer(await hook.deliver(good()), 500, "ERR_BODY_CONSUMED", "a body that a parser has eaten");
    await assertOwnRoutes(url);
  });
}

/** The host's own parser was first and kept the bytes. */
export function keptBytes(host: AdapterHost): Promise<void> {
  return withHost(host, [{ behind: "parser-that-keeps-bytes" }], async ({ endpoints: [hook] }) => {
    const spaced = Buffer.from(` { "id" : "kept-1",\r\n "type":"probe.ok", "n": 1.0, "e": "\\u0026é☕" }\n`);
    assertAnswer(await hook.deliver(spaced), 200, "handled", "a body whose bytes were kept");
    const changed = await hook.deliver(Buffer.from(JSON.stringify(JSON.parse(spaced.toString()))), {
      headers: hook.sign(spaced),
    });
    assertAnswer(changed, 401, "ERR_SIGNATURE_MISMATCH", "a body that was written anew");
  });
}

function withText(text: string, number: string): Buffer {
  return Buffer.from(eventBody("probe.ok").toString().replace(/\}$/, `,"text":"${text}","n":${number}}`));
}

async function assertOwnRoutes(url: string): Promise<void> {
  assert.equal(await (await fetch(`${url}/own/hello`)).text(), "hello");
}
