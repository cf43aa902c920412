import { expect, it } from "vitest";

import { encodeJson } from "./json-body.ts";

const textOf = (...args: Parameters<typeof encodeJson>): string =>
  Buffer.from(encodeJson(...args).bytes).toString("utf8");

it("writes on one line unless it is told to indent", () => {
  expect(textOf({ a: [1] })).toBe('{"a":[1]}');
  expect(textOf({ a: 1 }, { indent: 2 })).toBe('{\n  "a": 1\n}');
});

it("escapes what the platform escapes, so that it reads the same and is written otherwise", () => {
  const value = { url: "https://a.example.com/é", note: "a & b" };
  expect(textOf(value, { escaped: /[/&]|[\u007f-\uffff]/g })).toBe(
    String.raw`{"url":"https:\/\/a.example.com\/\u00e9","note":"a \u0026 b"}`,
  );
  expect(encodeJson(value, { escaped: /[/&é]/g }).parsed).toEqual(value);
});
