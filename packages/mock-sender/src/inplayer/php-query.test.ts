import { expect, test } from "vitest";

import { toPhpQuery } from "./php-query.ts";

// After PHP's documentation of http_build_query() and urlencode().
test.each([
  [{ a: "1", b: "2" }, "a=1&b=2"],
  [{ a: { b: "1", c: { d: "2" } } }, "a%5Bb%5D=1&a%5Bc%5D%5Bd%5D=2"],
  [{ a: ["x", "y"] }, "a%5B0%5D=x&a%5B1%5D=y"],
  [{ a: [["x"], { b: "y" }] }, "a%5B0%5D%5B0%5D=x&a%5B1%5D%5Bb%5D=y"],
  [{ a: "", b: undefined, c: [], d: {} }, "a="],
  [{ a: "one two+three%20&=" }, "a=one+two%2Bthree%2520%26%3D"],
  [{ a: "-_.~!*'()" }, "a=-_.%7E%21%2A%27%28%29"],
  [{ a: "€ é 👋" }, "a=%E2%82%AC+%C3%A9+%F0%9F%91%8B"],
  [{ "a b": "\r\n" }, "a+b=%0D%0A"],
  [{}, ""],
])("writes %j as PHP does", (form, text) => {
  expect(toPhpQuery(form)).toBe(text);
});

test("writes half a character as the mark that UTF-8 has for it", () => {
  expect(toPhpQuery({ a: "\ud83d" })).toBe("a=%EF%BF%BD");
});
