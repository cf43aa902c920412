import { WebhookError } from "@hooklatch/core/errors";
import fc from "fast-check";
import { expect, test } from "vitest";

import { parseStrictly } from "./parse-strictly.ts";

function codeOf(body: string | Uint8Array): string {
  try {
    parseStrictly(Buffer.from(body));
  } catch (error) {
    return error instanceof WebhookError ? error.code : String(error);
  }
  return "none";
}

test("answers with what JSON.parse does", () => {
  const jsonObject = fc.dictionary(fc.string(), fc.jsonValue());
  fc.assert(
    fc.property(jsonObject, fc.constantFrom(undefined, 2, "\t\r\n"), (value, indent) => {
      const text = JSON.stringify(value, undefined, indent);
      expect(parseStrictly(Buffer.from(text))).toEqual(JSON.parse(text));
    }),
  );
});

test("refuses any key that is there a second time", () => {
  const names = fc.uniqueArray(fc.string(), { minLength: 1 });
  fc.assert(
    fc.property(names, fc.nat(), fc.jsonValue(), (keys, chosen, value) => {
      const pairs = [...keys, keys[chosen % keys.length]].map(
        (key) => `${JSON.stringify(key)} :${JSON.stringify(value)}`,
      );
      expect(codeOf(`{${pairs.join(",")}}`)).toBe("ERR_BODY_MALFORMED");
    }),
  );
});

test.each([
  '{"Type":"a","Type":"b"}',
  '{"Type":"a","Type":"a"}',
  String.raw`{"Type":"a","\u0054ype":"b"}`,
  '{"Type" \r\n\t : "a", "x": {"y": [1]}, "Type":"b"}',
  `{"Type"${" ".repeat(200)}:"a","Type":"b"}`,
  String.raw`{"a\"":1,"a\"":2}`,
  String.raw`{"a\\":1,"a\\":2}`,
])("refuses the same key twice, however it is spelled: %s", (text) => {
  expect(codeOf(text)).toBe("ERR_BODY_MALFORMED");
});

test.each([
  '{"a":"b","b":"a"}',
  '{"Type":"a","type":"b","TYPE":"c"}',
  '{"a":{"a":{"a":1}}}',
  '{"a":[{"b":1},{"b":2}],"b":"\\"a\\":"}',
  String.raw`{"Type":"\",\"Type\":\"b","x":"Type"}`,
])("takes equal keys in different places: %s", (text) => expect(codeOf(text)).toBe("none"));

test.each([
  [Buffer.from("7b2261223a22ff227d", "hex"), "ERR_BODY_NOT_UTF8"],
  ["", "ERR_BODY_MALFORMED"],
  ["{", "ERR_BODY_MALFORMED"],
  ["{} {}", "ERR_BODY_MALFORMED"],
  ['{"a":NaN}', "ERR_BODY_MALFORMED"],
  ["[".repeat(100_000), "ERR_BODY_MALFORMED"],
  ["null", "ERR_BODY_NOT_OBJECT"],
  ["[]", "ERR_BODY_NOT_OBJECT"],
  ['"{}"', "ERR_BODY_NOT_OBJECT"],
  ["1", "ERR_BODY_NOT_OBJECT"],
])("refuses %s: %s", (body, code) => expect(codeOf(body)).toBe(code));

test("survives an object that is nested 100,000 deep", () => {
  expect(codeOf(`${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`)).toBe("none");
});
