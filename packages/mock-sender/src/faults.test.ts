import { describe, expect, it } from "vitest";

import { padBody, spoil } from "./faults.ts";

function request(text: string) {
  return { method: "POST", url: "http://localhost/", headers: {}, body: new Uint8Array(Buffer.from(text)) };
}

function spoiled(text: string, fault: "tampered" | "truncated"): string {
  return Buffer.from(spoil(request(text), fault).body).toString();
}

describe("spoil", () => {
  it("tampers with the digit nearest to the middle", () => {
    expect(spoiled('{"total": 100, "x": "abcdefgh"}', "tampered")).toBe('{"total": 101, "x": "abcdefgh"}');
  });

  it.each(["9", "109", "0", "[90, 0.99]", '"\\u2013"'])("leaves %s as JSON when it tampers", (text) => {
    const tampered = spoiled(text, "tampered");
    expect(tampered).not.toBe(text);
    expect(() => void JSON.parse(tampered)).not.toThrow();
  });

  it("tampers with the byte in the middle when there is no digit", () => {
    expect(spoiled("abc", "tampered")).toBe("acc");
  });

  it("truncates to the first half", () => {
    expect(spoiled("abcdef", "truncated")).toBe("abc");
  });

  it.each(["tampered", "truncated"] as const)("leaves the request that is %s as it was", (fault) => {
    const original = request("a1b2");
    spoil(original, fault);
    expect(Buffer.from(original.body).toString()).toBe("a1b2");
  });

  it.each(["unsigned", "wrongKey", "oversized", undefined] as const)("changes nothing for %s", (fault) => {
    const original = request("a1b2");
    expect(spoil(original, fault)).toEqual(original);
  });
});

describe("padBody", () => {
  it("pads JSON to the byte without changing its value", () => {
    const padded = padBody(Buffer.from('{"a": 1}'), "json", 20);
    expect(padded.byteLength).toBe(20);
    expect(JSON.parse(Buffer.from(padded).toString())).toEqual({ a: 1 });
  });

  it("pads a form to the byte without changing its fields", () => {
    const padded = padBody(Buffer.from("a=1&b=2"), "form", 20);
    expect(padded.byteLength).toBe(20);
    expect([...new URLSearchParams(Buffer.from(padded).toString())]).toEqual([
      ["a", "1"],
      ["b", "2"],
    ]);
  });

  it("leaves a body of the right size as it is", () => {
    expect(Buffer.from(padBody(Buffer.from("{}"), "json", 2)).toString()).toBe("{}");
  });

  it.each([1, 2.5, Number.NaN])("refuses to make a body of 2 bytes one of %d", (bytes) => {
    expect(() => padBody(Buffer.from("{}"), "json", bytes)).toThrow(
      expect.objectContaining({ code: "ERR_OPTION_INVALID" }),
    );
  });
});
