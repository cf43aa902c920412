import { assert, property, string } from "fast-check";
import { expect, test } from "vitest";

import { convertFields } from "./field-kinds.ts";

const fields = { count: "integer", price: "decimal", done: "boolean", note: "text" } as const;

/** The value that a field's text becomes, or what became of it otherwise. */
function convert(name: keyof typeof fields, text: string): unknown {
  const { values, misfits } = convertFields(fields, { [name]: text });
  if (Object.hasOwn(values, name)) return values[name];
  return misfits.includes(name) ? "a misfit" : "left out";
}

test.each([
  ["0", 0],
  ["1547543325", 1547543325],
  ["-86400", -86400],
  ["9007199254740991", 9007199254740991],
])("reads the integer %j", (text, value) => {
  expect(convert("count", text)).toBe(value);
});

test.each([
  "9007199254740993",
  "9007199254740992",
  "123456789012345678901234567890",
  "1.0",
  "1e3",
  " 1",
  "1 ",
  "+1",
  "-0",
  "007",
  "0x10",
  "NaN",
  "Infinity",
  "١",
  "abc",
  " ",
])("takes %j for no integer", (text) => {
  expect(convert("count", text)).toBe("a misfit");
});

test.each([
  ["10.00", 10],
  ["3", 3],
  ["0.1", 0.1],
  ["-4.50", -4.5],
  ["-0.00", 0],
  ["1234567890123.45", 1234567890123.45],
])("reads the decimal %j", (text, value) => {
  expect(convert("price", text)).toBe(value);
});

test.each([
  "12345678901234.56",
  "1,000.00",
  "10,00",
  ".5",
  "5.",
  "1e3",
  "01.00",
  "€10.00",
  " 1",
  "--1",
  "1.2.3",
  "abc",
])("takes %j for no decimal", (text) => {
  expect(convert("price", text)).toBe("a misfit");
});

test.each([
  ["true", true],
  ["1", true],
  ["false", false],
  ["0", false],
])("reads the boolean %j", (text, value) => {
  expect(convert("done", text)).toBe(value);
});

test.each(["TRUE", "yes", "2", "01", " 1", "null"])("takes %j for no boolean", (text) => {
  expect(convert("done", text)).toBe("a misfit");
});

test("leaves every text as it is, numbers and the empty one included", () => {
  for (const text of ["12345", "", " ", "true", "10.00"]) expect(convert("note", text)).toBe(text);
});

test("takes an empty text for no number and no boolean, and for no misfit", () => {
  for (const name of ["count", "price", "done"] as const) expect(convert(name, "")).toBe("left out");
});

test("takes a list or an object for a misfit of any kind", () => {
  const form = { count: ["1"], price: { "0": "1" }, done: [], note: ["a"] };
  expect(convertFields(fields, form)).toEqual({ values: {}, misfits: ["count", "price", "done", "note"] });
});

test("keeps fields that are not listed, whatever they hold", () => {
  const form = { other: "1", tags: ["a", "b"], constructor: "x", toString: "1", ["__proto__"]: "y" };
  const { values, misfits } = convertFields(fields, form);
  expect(values).toEqual(form);
  expect(Object.getPrototypeOf(values)).toBe(Object.prototype);
  expect(misfits).toEqual([]);
});

test("gives each field a value of its kind or none, whatever the text", () => {
  assert(
    property(string({ unit: "binary" }), (text) => {
      const { values } = convertFields(fields, { count: text, price: text, done: text, note: text });
      expect(["number", "undefined"]).toContain(typeof values["count"]);
      expect(["number", "undefined"]).toContain(typeof values["price"]);
      expect(["boolean", "undefined"]).toContain(typeof values["done"]);
      expect(values["note"]).toBe(text);
    }),
  );
});
