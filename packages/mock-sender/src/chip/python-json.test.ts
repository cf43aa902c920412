import { describe, expect, it } from "vitest";

import { encodePythonJson } from "./python-json.ts";

function write(value: unknown): string {
  return Buffer.from(encodePythonJson(value).bytes).toString("latin1");
}

describe("encodePythonJson", () => {
  it("puts a space after each comma and colon", () => {
    expect(write({ a: [1, 2, { b: null }], c: true, d: "x" })).toBe('{"a": [1, 2, {"b": null}], "c": true, "d": "x"}');
  });

  it("writes empty lists and objects closed", () => {
    expect(write({ a: [], b: {}, c: [[]] })).toBe('{"a": [], "b": {}, "c": [[]]}');
  });

  it("leaves line breaks, commas and spaces within strings alone", () => {
    expect(write({ a: "x,\n  y", "b,\n c": "\r\n\t" })).toBe(String.raw`{"a": "x,\n  y", "b,\n c": "\r\n\t"}`);
  });

  it("escapes everything beyond ASCII, in lower-case hex and with surrogate pairs", () => {
    expect(write({ é: "–\u007f菊🌺" })).toBe(String.raw`{"\u00e9": "\u2013\u007f\u83ca\ud83c\udf3a"}`);
  });

  it("leaves out what is undefined", () => {
    expect(write({ a: undefined, b: 1 })).toBe('{"b": 1}');
  });

  it("answers with what a parser makes of it", () => {
    const value = { a: "é", list: [1, { b: null }] };
    expect(encodePythonJson(value)).toMatchObject({ contentType: "application/json", parsed: value });
  });
});
