import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { toDelivery, toIncomingDelivery } from "../incoming-delivery.ts";
import { refusalOf, thrownBy } from "../test-support/caught.ts";
import { compileContent } from "./signed-content.ts";
import { readTimestamp } from "./timestamp.ts";

type Headers = Readonly<Record<string, string | readonly string[]>>;

const timestamp = { header: "X-Time" };

function deliveryOf(body: string | Uint8Array, headers: Headers = {}) {
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  return toDelivery(toIncomingDelivery({ headers, body: bytes }), bytes, 0);
}

/** The parts of a delivery that has its time in a header, as a signature scheme reads them. */
function read(options: Parameters<typeof compileContent>[0], delivery: ReturnType<typeof deliveryOf>) {
  const noFields = { signatures: [], values: () => [] };
  const time = options.timestamp === undefined ? "" : readTimestamp(delivery, noFields, options.timestamp);
  return compileContent(options).read(delivery, time);
}

/** The bytes that a template says are signed. */
function signed(options: Parameters<typeof compileContent>[0], body: string | Uint8Array, headers?: Headers): Buffer {
  const parts = read(options, deliveryOf(body, headers));
  return Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : part)));
}

describe("a template", () => {
  test("is the body alone when none is given, the very same bytes", () => {
    const delivery = deliveryOf(Buffer.from("efbbbfff0d0a", "hex"));
    const content = compileContent({});
    expect(content.headers).toEqual([]);
    expect(content.read(delivery, "")[0]).toBe(delivery.body);
  });

  test("joins text, headers and the body in its own order", () => {
    const options = { content: "v0:{timestamp}:{header:X-Id}|{body}", timestamp };
    expect(compileContent(options).headers).toEqual(["x-id"]);
    expect(signed(options, "{}\n", { "x-time": "170", "X-ID": "a.b" }).toString()).toBe("v0:170:a.b|{}\n");
  });

  test("puts the text of the time in as it was read", () => {
    const compiled = compileContent({ content: "{timestamp}.{body}", timestamp: { field: "t" } });
    expect(compiled.headers).toEqual([]);
    expect(compiled.read(deliveryOf("{}"), "007")[0]).toBe("007.");
  });

  test("puts replacement patterns and bytes that are not UTF-8 in as they are", () => {
    const bytes = signed({ content: "{header:x-id}.{body}" }, Buffer.from("24262424ff", "hex"), { "x-id": "$&$1" });
    expect(bytes.toString("latin1")).toBe("$&$1.$&$$\u00ff");
  });

  test("signs its own text as UTF-8 and a header's value as one byte a character", () => {
    expect(signed({ content: "é{header:x-id}:{body}" }, "", { "x-id": "é" }).toString("hex")).toBe("c3a9e93a");
  });
});

describe("a template is refused at the start", () => {
  test.each([
    ["has a placeholder with a typing error", { content: "{timestmp}.{body}" }],
    ["leaves out the body", { content: "{header:x-id}." }],
    ["is empty", { content: "" }],
    ["has the body twice", { content: "{body}.{body}" }],
    ["has text behind the body", { content: "{body}." }],
    ["has a header behind the body", { content: "{body}.{header:x-id}" }],
    ["has no separator between a header and the body", { content: "{header:x-id}{body}" }],
    ["has no separator between two headers", { content: "{header:x-a}{header:x-b}.{body}" }],
    ["has no separator behind the time", { content: "{timestamp}{body}", timestamp }],
    ["has a digit behind the time", { content: "{timestamp}0:{body}", timestamp }],
    ["names a time that is not configured", { content: "{timestamp}.{body}" }],
    ["does not sign the time that is configured", { content: "{body}", timestamp }],
    ["does not sign the time of a field", { content: "{body}", timestamp: { field: "t" } }],
    ["is left out, so that the time that is configured is not signed", { timestamp }],
    ["has the time's header only as a header like any other", { content: "{header:x-time}.{body}", timestamp }],
  ])("when it %s", (_what, options) => {
    const error = thrownBy(() => compileContent(options));
    expect(error).toMatchObject({ name: "ConfigError", code: "ERR_OPTION_INVALID" });
    expect(error.message).toMatch(/content/);
  });
});

describe("what a delivery puts into a template", () => {
  const content = "{header:x-id}.{timestamp}.{body}";
  const headers = { "x-id": "evt", "x-time": "170" };

  test.each([
    ["a header is missing", { "x-time": "170" }, "ERR_SIGNATURE_MISSING 401"],
    ["the time is missing", { "x-id": "evt" }, "ERR_SIGNATURE_MISSING 401"],
    ["a header is repeated", { ...headers, "x-id": ["evt", "evt"] }, "ERR_HEADER_REPEATED 400"],
    ["a header holds the separator", { ...headers, "x-id": "evt.170" }, "ERR_SIGNATURE_MALFORMED 401"],
    ["a header ends with the separator", { ...headers, "x-id": "evt." }, "ERR_SIGNATURE_MALFORMED 401"],
    ["a header has a character past Latin-1", { ...headers, "x-id": "\u0165vt" }, "ERR_SIGNATURE_MALFORMED 401"],
    [
      "a header's character ends in the separator's byte",
      { ...headers, "x-id": "a\u012eb" },
      "ERR_SIGNATURE_MALFORMED 401",
    ],
    ["the time is no number", { ...headers, "x-time": "170zzz" }, "ERR_TIMESTAMP_INVALID 401"],
    ["the time is negative", { ...headers, "x-time": "-170" }, "ERR_TIMESTAMP_INVALID 401"],
    ["the time is in scientific notation", { ...headers, "x-time": "1e308" }, "ERR_TIMESTAMP_INVALID 401"],
    ["the time has digits of another script", { ...headers, "x-time": "١٧٠" }, "ERR_TIMESTAMP_INVALID 401"],
  ])("is refused when %s", async (_what, values: Headers, refusal) => {
    expect(await refusalOf(() => read({ content, timestamp }, deliveryOf("{}", values)))).toBe(refusal);
  });

  test("cannot lean on half of a separator that is longer than one character", async () => {
    const options = { content: "{header:x-id}::{body}" };
    expect(signed(options, ":rest", { "x-id": "x" }).toString()).toBe("x:::rest");
    expect(await refusalOf(() => signed(options, "rest", { "x-id": "x:" }))).toBe("ERR_SIGNATURE_MALFORMED 401");
  });

  test("cannot spell a separator that is not ASCII with the characters of its bytes", async () => {
    const options = { content: "{header:x-id}é{body}" };
    expect(await refusalOf(() => signed(options, "b", { "x-id": "aÃ©" }))).toBe("ERR_SIGNATURE_MALFORMED 401");
  });

  test("never gives two different deliveries the same signed bytes", async () => {
    const letters = fc.array(fc.constantFrom("a", ":", "-", "1", "é", "Ã", "©", "\u013a"), { maxLength: 5 });
    const text = letters.map((list) => list.join(""));
    const digits = fc.array(fc.constantFrom("0", "1"), { minLength: 1, maxLength: 3 }).map((list) => list.join(""));
    const request = fc.record({ id: text, time: digits, body: text });
    const separator = fc.constantFrom(":", "::", ":-:", "--", "é", "a", ":a:");
    await fc.assert(
      fc.asyncProperty(separator, separator, request, request, async (between, behind, one, other) => {
        const options = { content: `{header:x-id}${between}{timestamp}${behind}{body}`, timestamp };
        const bytesOf = ({ id, time, body }: typeof one) =>
          signed(options, Buffer.from(body, "utf8"), { "x-id": id, "x-time": time });
        if ((await refusalOf(() => bytesOf(one))) !== "nothing") return;
        if ((await refusalOf(() => bytesOf(other))) !== "nothing") return;
        expect(bytesOf(one).equals(bytesOf(other))).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
      { numRuns: 3000 },
    );
  });
});
