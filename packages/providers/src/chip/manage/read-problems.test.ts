import { expect, test } from "vitest";

import { printProblems, readProblems } from "./read-problems.ts";

const token = "sk_hooklatch_7Jq2";
const read = (body: unknown) => readProblems(JSON.stringify(body), token);

test.each([
  ["a field", { title: { message: "Too long.", code: "max_length" } }, `title: "Too long." (max_length)`],
  ["the whole request", { __all__: { message: "Choose.", code: "required" } }, `"Choose." (required)`],
  ["two fields", { a: { message: "A." }, b: { message: "B.", code: "b" } }, `a: "A."; b: "B." (b)`],
  ["a list of problems", { title: [{ message: "A.", code: "a" }, "B."] }, `title: "A." (a); title: "B."`],
  ["a bare text", { callback: "Bad." }, `callback: "Bad."`],
  ["a detail", { detail: "No such key." }, `"No such key."`],
  ["a message", { message: "No such key." }, `"No such key."`],
])("reads what is wrong with %s", (_, body, text) => {
  expect(printProblems(read(body))).toBe(text);
});

test.each([null, [], "text", 5, {}, { title: 5 }, { title: null }, { title: {} }, { title: [[["deep"]]] }])(
  "reads nothing out of %j",
  (body) => {
    expect(read(body)).toEqual([]);
  },
);

test.each(["", "<html>", "{", '{"a":'])("reads nothing out of %j, which is no JSON", (text) => {
  expect(readProblems(text, token)).toEqual([]);
});

test("takes out the token wherever it stands", () => {
  const [problem] = read({ [`x ${token}`]: { message: `of ${token}!`, code: token } });
  expect(problem).toEqual({ field: "x [token]", message: "of [token]!", code: "[token]" });
});

test("lets no text forge a line of a log, or fill it", () => {
  const [problem] = read({ title: { message: `a\r\nERROR b\u2028c\u001b[31m\u202e${"d".repeat(500)}` } });
  expect(problem?.message).toMatch(/^a ERROR b c \[31m d+…$/);
  expect(problem?.message).toHaveLength(201);
});

test("is not impressed by names of the language, nor by many problems", () => {
  expect(readProblems('{"__proto__":{"message":"m","code":"c"}}', token)).toEqual([
    { field: "__proto__", message: "m", code: "c" },
  ]);
  expect(read({ title: Array.from({ length: 5_000 }, () => "x") })).toHaveLength(20);
});
