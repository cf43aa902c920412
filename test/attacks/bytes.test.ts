import { hmac } from "@hooklatch/core/schemes";
import { describe, expect, test } from "vitest";

import { hosts, hostsBehindParser } from "../support/hosts.ts";
import { post } from "../support/post.ts";
import { createProbe } from "../support/probe.ts";
import { acme, signers } from "../support/signing.ts";
import { start } from "../support/start.ts";
import { failOnUnhandled } from "../support/unhandled.ts";

failOnUnhandled();

/** Members of a JSON object, and what they mean. */
const members: Readonly<Record<string, readonly [written: string, value: unknown]>> = {
  "1.0": ["1.0", 1],
  "1": ["1", 1],
  "1e2": ["1e2", 100],
  "an escaped ampersand": ['"\\u0026"', "&"],
  "a plain ampersand": ['"&"', "&"],
  "an escaped slash": ['"\\/"', "/"],
  "what String.replace replaces": ['"$& $$ $` $\' $1"', "$& $$ $` $' $1"],
  "a percent sign": ['"%41+%zz"', "%41+%zz"],
  "an emoji": ['"🦊"', "🦊"],
  "an emoji as escapes": ['"\\ud83e\\udd8a"', "🦊"],
  "a letter and its accent": ['"e\\u0301 é"', "e\u0301 é"],
  "a line separator": ['"\u2028"', "\u2028"],
  "U+FFFD": ['"\ufffd"', "\ufffd"],
};

/** What may stand around JSON. */
const frames: Readonly<Record<string, readonly [before: string, after: string]>> = {
  "nothing around it": ["", ""],
  "a byte order mark": ["\uFEFF", ""],
  "a trailing newline": ["", "\n"],
  "CRLF on both sides": ["\r\n", "\r\n"],
  "blanks and tabs": [" \t", "\t "],
};

const unreadable = { status: 400, text: '{"error":"ERR_BODY_NOT_UTF8"}' };
const consumed = { status: 500, text: '{"error":"ERR_BODY_CONSUMED"}' };

describe.each([...hosts, ...hostsBehindParser])("$name", (host) => {
  // Where a text is handed on, a genuine U+FFFD looks like one that a decoder has put there.
  const provable = Object.entries(members).filter(([name]) => !(host.handsOnText && name === "U+FFFD"));
  const kept = Object.entries(frames).filter(([name]) => !(host.dropsMark === true && name === "a byte order mark"));

  describe.each(signers)("$name", (signer) => {
    /** A body that the provider can read, with one more member. */
    const bodyWith = (written: string, id: string): string =>
      `{"id": "${id}","type":"purchase",  "event_type":"purchase.paid","updated_on":1790000000,"x":${written}}`;

    test("13: is verified from bytes, whatever JSON looks like", async () => {
      const { receiver, events } = createProbe(signer.provider);
      const { url } = await start(host, receiver);

      for (const [name, [written, value]] of provable) {
        expect(await post(url, signer.sign(bodyWith(written, name))), name).toMatchObject({ status: 200 });
        expect(events.at(-1)?.payload, name).toMatchObject({ x: value });
      }
      expect(events).toHaveLength(provable.length);
    });

    test("13: is verified with all that stands around the JSON, which is part of what was signed", async () => {
      const { receiver, events } = createProbe(signer.provider);
      const { url } = await start(host, receiver);

      for (const [name, [before, after]] of kept) {
        const json = bodyWith("1", name);
        const framed = signer.sign(before + json + after);
        expect((await post(url, framed)).status, name).toBe(200);
        if (before + after !== "") {
          expect((await post(url, { ...framed, body: json })).status, name).toBe(401);
          expect((await post(url, { ...framed, headers: signer.sign(json).headers })).status, name).toBe(401);
        }
      }
      if (kept.length < Object.keys(frames).length) {
        expect(await post(url, signer.sign(`\uFEFF${bodyWith("1", "marked")}`))).toMatchObject(consumed);
      }
      expect(events).toHaveLength(kept.length);
    });

    test("13: the same JSON written in another way does not verify", async () => {
      const { receiver, events } = createProbe(signer.provider);
      const { url } = await start(host, receiver);
      const original = bodyWith("1.0", "a");
      const { headers } = signer.sign(original);
      const rewritten = [
        JSON.stringify(JSON.parse(original)),
        JSON.stringify(JSON.parse(original), undefined, 2),
        original.replace("1.0", "1"),
        original.replace("purchase.paid", "purchase\\u002epaid"),
        original.normalize("NFD").replace(": ", ":"),
      ];
      for (const body of rewritten) expect((await post(url, { headers, body })).status).toBe(401);
      expect(events).toEqual([]);
    });
  });
});

describe.each(hosts)("$name", (host) => {
  test.each(signers)(
    "13: $name: a signed body that is not UTF-8 verifies, and reading it is an error of its own",
    async (signer) => {
      const { receiver, events, reports } = createProbe(signer.provider);
      const { url } = await start(host, receiver);
      const notUtf8 = [[0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xc0, 0xaf], [0xe2, 0x82]];
      for (const bytes of notUtf8) {
        const body = Buffer.concat([Buffer.from('{"id":"1","x":"'), Buffer.from(bytes), Buffer.from('"}')]);
        const request = signer.sign(body);
        expect(await post(url, request)).toMatchObject(host.handsOnText ? consumed : unreadable);
        // The bytes that decoding would have replaced are not the bytes that were signed.
        const decoded = await post(url, { ...request, body: body.toString("utf8") });
        expect(decoded).toMatchObject(host.handsOnText ? consumed : { status: 401 });
      }
      expect(reports.filter(({ eventId }) => eventId !== undefined)).toEqual([]);
      expect(events).toEqual([]);
    },
  );

  test("13: a charset in the content type changes nothing: the bytes count", async () => {
    const { receiver, events } = createProbe(acme.provider);
    const { url } = await start(host, receiver);
    const utf16 = acme.sign(Buffer.from('{"type":"a"}', "utf16le"));
    const type = { "content-type": "application/json; charset=utf-16le" };
    expect((await post(url, { ...utf16, headers: { ...utf16.headers, ...type } })).status).toBe(400);
    expect(events).toEqual([]);
  });

  test("14: nothing can be moved over a separator of the signed text", async () => {
    const { receiver, events } = createProbe(acme.provider);
    const { url } = await start(host, receiver);
    const time = String(Math.floor(Date.now() / 1000));

    // "a.<time>.<time>.{…}" is signed as one id and body; it is the same text for another id and another body.
    const captured = acme.sign(`${time}.{"type":"refund.everything"}`, { id: "a", time });
    const moved = { headers: { ...captured.headers, "x-acme-id": `a.${time}` }, body: '{"type":"refund.everything"}' };
    expect((await post(url, moved)).status).toBe(401);

    const { headers, body } = acme.sign('{"type":"a"}', { id: "id7", time });
    for (const shifted of [
      { "x-acme-id": "id", "x-acme-time": `7.${time}` },
      { "x-acme-id": `id7.${time.slice(0, 4)}`, "x-acme-time": time.slice(4) },
      { "x-acme-id": "", "x-acme-time": `id7.${time}` },
      { "x-acme-id": `id7.${time}.`, "x-acme-time": "" },
      { "x-acme-time": `0${time}` },
      { "x-acme-time": `${time}.` },
    ]) {
      expect((await post(url, { headers: { ...headers, ...shifted }, body })).status).toBe(401);
    }
    expect(events).toEqual([]);
    expect((await post(url, { headers, body })).status).toBe(200);
  });

  test("15: forwarded headers decide nothing", async () => {
    const { receiver, reports } = createProbe(acme.provider);
    const { url } = await start(host, receiver);
    const forwarded = {
      forwarded: "for=192.0.2.1;host=evil.example;proto=https",
      "x-forwarded-for": "192.0.2.1",
      "x-forwarded-host": "evil.example",
      "x-forwarded-proto": "https",
      "x-forwarded-method": "GET",
      "x-original-url": "/admin",
      "x-rewrite-url": "/admin",
      "x-real-ip": "192.0.2.1",
    };
    const good = acme.event();
    expect((await post(url, { ...good, headers: { ...good.headers, ...forwarded } })).status).toBe(200);
    expect(
      (await post(url, { body: good.body, headers: { ...good.headers, "x-acme-id": "2", ...forwarded } })).status,
    ).toBe(401);
    expect(reports).toMatchObject([{ remoteAddress: "127.0.0.1" }, { remoteAddress: "127.0.0.1" }]);
  });
});

test.each([
  "{header:x-id}{body}",
  "{header:x-id}{timestamp}.{body}",
  "{header:x-id}.{timestamp}{body}",
  "{header:x-id}.{timestamp}0{body}",
  "{header:x-id}.{body}",
  "{timestamp}.",
  "{body}.{timestamp}",
  "{timestamp}.{body}.{body}",
])("14: the template %s leaves something unsigned or ambiguous, and stops the app at its start", (content) => {
  const timestamp = { header: "x-time" };
  expect(() => hmac({ header: "x-sign", encoding: "hex", secrets: "s", content, timestamp })).toThrow(
    expect.objectContaining({ name: "ConfigError", code: "ERR_OPTION_INVALID" }),
  );
});
