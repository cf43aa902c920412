import { expect, test } from "vitest";

import { refusalOf, thrownBy } from "../test-support/caught.ts";
import { parseJson } from "./json.ts";

const nested = (depth: number): string => `${"[".repeat(depth)}${"]".repeat(depth)}`;

test("parses JSON of every kind as JSON.parse does", () => {
  const text = '{"a":[1,-2.5e3,true,null,"x\\n\\u00e9"],"b":{"c":{}}} \r\n';
  expect(parseJson(text)).toEqual(JSON.parse(text));
  expect(parseJson(" null ")).toBeNull();
});

test.each(["", " ", "{", '{"a":1,}', "{'a':1}", "NaN", "Infinity", '{"a":NaN}', "undefined", "[1]x", "\uFEFF{}", "01"])(
  "refuses %j",
  async (text) => {
    expect(await refusalOf(() => parseJson(text))).toBe("ERR_BODY_MALFORMED 400");
  },
);

test("quotes nothing of a body it cannot parse", () => {
  const error = thrownBy(() => parseJson('{"card":"4111'));
  expect(`${error.message} ${error.help} ${String(error.cause)}`).not.toMatch(/card|4111/);
});

test("refuses arrays and objects nested deeper than 2,048 levels, and takes 2,048", async () => {
  expect(parseJson(nested(2048))).toBeInstanceOf(Array);
  expect(await refusalOf(() => parseJson(nested(2049)))).toBe("ERR_BODY_MALFORMED 400");
  expect(await refusalOf(() => parseJson(nested(100_000)))).toBe("ERR_BODY_MALFORMED 400");
  const objects = `${'{"a":'.repeat(3000)}1${"}".repeat(3000)}`;
  expect(await refusalOf(() => parseJson(objects))).toBe("ERR_BODY_MALFORMED 400");
});

test("counts levels of arrays and objects together", async () => {
  const mixed = (pairs: number): string => `${'{"a":['.repeat(pairs)}${"]}".repeat(pairs)}`;
  expect(parseJson(mixed(1024))).toBeInstanceOf(Object);
  expect(await refusalOf(() => parseJson(mixed(1025)))).toBe("ERR_BODY_MALFORMED 400");
});

test("counts no bracket that stands in a string", () => {
  const text = JSON.stringify({ note: `${"[".repeat(5000)}"\\`, list: [["\\\\", "]"]] });
  expect(parseJson(text)).toEqual(JSON.parse(text));
});

test("refuses ten million opening brackets without overflowing a stack", async () => {
  expect(await refusalOf(() => parseJson("[".repeat(10_000_000)))).toBe("ERR_BODY_MALFORMED 400");
});

test("what it lets through can be walked by recursive code", () => {
  const value = parseJson(`{"a":${nested(2047)}}`);
  expect(() => JSON.stringify(value)).not.toThrow();
  expect(() => structuredClone(value)).not.toThrow();
});

test.each([
  ["plain", '{"__proto__":{"admin":true},"ok":1}'],
  ["escaped in part", '{"__pr\\u006fto__":{"admin":true},"ok":1}'],
  ["escaped in upper case", '{"\\u005F\\u005Fproto__":{"admin":true},"ok":1}'],
  ["escaped altogether", '{"\\u005f\\u005f\\u0070\\u0072\\u006f\\u0074\\u006f\\u005f\\u005f":{"admin":true},"ok":1}'],
  ["as constructor.prototype", '{"constructor":{"prototype":{"admin":true}},"ok":1}'],
  ["as an escaped constructor.prototype", '{"c\\u006fnstructor":{"p\\u0072ototype":{"admin":true}},"ok":1}'],
  ["as a plain constructor with an escaped prototype", '{"constructor":{"\\u0070rototype":1},"ok":1}'],
])("drops a way to the prototype that is written %s", (_how, text) => {
  const value = parseJson(text);
  expect(Object.keys(value ?? {})).toEqual(["ok"]);
  expect(Object.assign({}, value)).not.toHaveProperty("admin");
  expect({}).not.toHaveProperty("admin");
});

test("drops it at every depth, in lists too, and leaves the rest as it was", () => {
  expect(parseJson('{"a":[{"b":{"__proto__":{"x":1},"c":2}}],"proto":"kept"}')).toEqual({
    a: [{ b: { c: 2 } }],
    proto: "kept",
  });
});

test("keeps a harmless constructor and a harmless prototype", () => {
  const text = '{"constructor":"ACME","prototype":{"year":2024},"nested":{"constructor":{"name":"x"}}}';
  expect(JSON.stringify(parseJson(text))).toBe(text);
});

test("of a repeated key the last counts, as with JSON.parse", () => {
  expect(parseJson('{"a":1,"a":2}')).toEqual({ a: 2 });
});

test("hands on a lone surrogate as the text it is", () => {
  expect(parseJson('"\\ud83d"')).toBe("\uD83D");
});
