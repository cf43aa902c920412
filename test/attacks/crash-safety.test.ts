import { describe, expect, test } from "vitest";

import { hosts, hostsBehindParser } from "../support/hosts.ts";
import { post } from "../support/post.ts";
import { createProbe } from "../support/probe.ts";
import { requestHead, sendRaw } from "../support/raw-http.ts";
import type { HeaderLine } from "../support/raw-http.ts";
import { signers } from "../support/signing.ts";
import { start } from "../support/start.ts";
import { failOnUnhandled } from "../support/unhandled.ts";

failOnUnhandled();

const signedNonsense = {
  "a string": '"str"',
  null: "null",
  "an empty list": "[]",
  "a list of a good event": '[{"id":"1","type":"a"}]',
  "a number": "1",
  true: "true",
  "an empty object": "{}",
  nothing: "",
  "a blank": " ",
  "broken JSON": '{"id":',
  "not JSON": "id=1&type=a",
  "a NUL": "\0",
  "a null id": '{"id":null,"type":null,"event_type":null}',
  "an object for everything": '{"id":{},"type":{},"event_type":{},"updated_on":{}}',
};

const notObjects = new Set(['"str"', "null", "[]", '[{"id":"1","type":"a"}]', "1", "true"]);

const oddSignatures = (good: string): Readonly<Record<string, string>> => ({
  "of odd length": good.slice(0, -1),
  "not in its encoding": "g".repeat(good.length),
  "of multi-byte characters of the right length": "é".repeat(good.length),
  "of the right length in another alphabet": "!".repeat(good.length),
  "of one character": "a",
  "of half the length": good.slice(0, good.length / 2),
  "of twice the length": good.replaceAll("=", "A") + good,
  "ten thousand entries long": Array.from({ length: 2500 }, () => "v1").join(","),
  "ten thousand characters long": "a".repeat(10_000),
  "a list of good ones": `${good},${good}`,
  "with a blank after it": `${good} a`,
  "with padding too many": `${good}==`,
  "in quotes": `"${good}"`,
  "a byte 0xff": "\xff",
  "the text undefined": "undefined",
  "the text [object Object]": "[object Object]",
  "the text __proto__": "__proto__",
});

describe.each([...hosts, ...hostsBehindParser])("$name", (host) => {
  describe.each(signers)("$name", (signer) => {
    test("11: signed nonsense is a 4xx each time, and the process lives", async () => {
      const { receiver, events, reports } = createProbe(signer.provider);
      const { url } = await start(host, receiver);

      for (const [name, body] of Object.entries(signedNonsense)) {
        const { status, text } = await post(url, signer.sign(body));
        expect(status, name).toBeGreaterThanOrEqual(400);
        expect(status, name).toBeLessThan(500);
        if (notObjects.has(body)) expect(text, name).toBe('{"error":"ERR_BODY_NOT_OBJECT"}');
      }

      expect(reports.map(({ code }) => code)).not.toContain("ERR_INTERNAL");
      expect(events).toEqual([]);
      expect((await post(url, signer.event())).status).toBe(200);
    });

    test("12: a signature of odd form is refused as a 401 and never makes the comparison throw", async () => {
      const { receiver, events, reports } = createProbe(signer.provider);
      const { url } = await start(host, receiver);
      const { headers, body } = signer.event();
      const good = headers[signer.signatureHeader] ?? "";
      const prefix = good.startsWith("sha256=") ? "sha256=" : "";

      for (const [name, odd] of Object.entries(oddSignatures(good.slice(prefix.length)))) {
        for (const value of [odd, prefix + odd]) {
          // Node writes header values as Latin-1; "é" becomes the byte 0xe9.
          const { status } = await post(url, { headers: { ...headers, [signer.signatureHeader]: value }, body });
          expect(status, name).toBe(401);
        }
      }

      const expected = new Set<string>(["ERR_SIGNATURE_MALFORMED", "ERR_SIGNATURE_MISMATCH"]);
      expect(reports.filter(({ code = "" }) => !expected.has(code))).toEqual([]);
      expect(events).toEqual([]);
    });

    test("12: UTF-8 of two bytes a character is refused too", async () => {
      const { receiver } = createProbe(signer.provider);
      const { port } = await start(host, receiver);
      const { headers, body } = signer.event();
      const good = headers[signer.signatureHeader] ?? "";
      const wire = requestHead(linesWith(headers, signer.signatureHeader, ["é".repeat(good.length / 2)], body.length));
      expect((await sendRaw(port, Buffer.from(wire, "utf8"), body)).status).toBe(401);
    });

    test("12: a repeated signature header is refused, whichever of the two is good", async () => {
      const { receiver, events } = createProbe(signer.provider);
      const { port, url } = await start(host, receiver);
      const { headers, body } = signer.event();
      const good = headers[signer.signatureHeader] ?? "";

      for (const values of [
        [good, good],
        [good, "x"],
        ["x", good],
        [good, ""],
        ["", good],
      ]) {
        const head = requestHead(linesWith(headers, signer.signatureHeader, values, body.length));
        const refused = host.isFetchStyle
          ? { status: 401, text: '{"error":"ERR_SIGNATURE_MALFORMED"}' }
          : { status: 400, text: '{"error":"ERR_HEADER_REPEATED"}' };
        expect(await sendRaw(port, head, body)).toMatchObject(refused);
      }
      const cased = [...linesWith(headers, signer.signatureHeader, [good], body.length)];
      const twice = requestHead([...cased, [signer.signatureHeader.toUpperCase(), "x"]]);
      expect((await sendRaw(port, twice, body)).status).toBe(host.isFetchStyle ? 401 : 400);
      expect(events).toEqual([]);
      expect((await post(url, { headers, body })).status).toBe(200);
    });

    test("12: a signature in a trailer, a query or a cookie is no signature", async () => {
      const { receiver, events } = createProbe(signer.provider);
      const { port } = await start(host, receiver);
      const { headers, body } = signer.event();
      const good = headers[signer.signatureHeader] ?? "";
      const lines = Object.entries(headers).filter(([name]) => name !== signer.signatureHeader);
      const trailer = `0\r\n${signer.signatureHeader}: ${good}\r\n\r\n`;

      const head = requestHead([...lines, ["transfer-encoding", "chunked"], ["trailer", signer.signatureHeader]]);
      const chunked = `${body.length.toString(16)}\r\n${body.toString()}\r\n${trailer}`;
      expect((await sendRaw(port, head, chunked)).status).toBe(401);

      const cookie = requestHead([
        ...lines,
        ["cookie", `${signer.signatureHeader}=${good}`],
        ["content-length", `${body.length}`],
      ]);
      expect((await sendRaw(port, cookie, body)).status).toBe(401);
      expect(events).toEqual([]);
    });
  });

  test("11: what is not HTTP at all hurts nobody", async () => {
    const [signer] = signers;
    const { receiver } = createProbe(signer?.provider ?? expect.unreachable());
    const { port, url } = await start(host, receiver);
    for (const wire of [
      "\r\n\r\n\r\n\r\nx\r\n\r\n",
      "\x16\x03\x01\x02\x00",
      "POST /hook\r\n\r\n",
      `GET / HTTP/1.1\r\n${"a".repeat(99_999)}`,
    ]) {
      await sendRaw(port, wire).then(
        ({ status }) => expect(status).toBeGreaterThanOrEqual(400),
        () => undefined, // closed without a word is fine too
      );
    }
    expect((await post(url, signer?.event() ?? {})).status).toBe(200);
  });
});

/** The headers as lines, one of them with other values. */
function linesWith(
  headers: Readonly<Record<string, string>>,
  changed: string,
  values: readonly string[],
  length: number,
): readonly HeaderLine[] {
  const lines = Object.entries(headers).filter(([name]) => name !== changed);
  return [...lines, ...values.map((value) => [changed, value] as const), ["content-length", String(length)]];
}
