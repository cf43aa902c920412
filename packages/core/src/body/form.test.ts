import fc from "fast-check";
import { expect, test } from "vitest";

import { refusalOf } from "../test-support/caught.ts";
import { parseForm, readOnlyField } from "./form.ts";

test("reads names and values, every value as a string", () => {
  expect(parseForm("id=7&paid=true&empty=&bare")).toEqual({ id: "7", paid: "true", empty: "", bare: "" });
  expect(parseForm("")).toEqual({});
  expect(parseForm("&&a=1&")).toEqual({ a: "1" });
});

test("decodes plus signs, escapes and UTF-8, and splits at the first equals sign only", () => {
  expect(parseForm("full+name=J%C3%BCrgen+M&sum=1%2B1%3D2&q=a=b")).toEqual({
    "full name": "Jürgen M",
    sum: "1+1=2",
    q: "a=b",
  });
});

test("keeps replacement patterns and line breaks as they are", () => {
  expect(parseForm("a=%24%26&b=%24%24&c=x%0D%0Ay")).toEqual({ a: "$&", b: "$$", c: "x\r\ny" });
});

test("reads brackets as objects and lists, escaped or not", () => {
  expect(parseForm("resource%5Bid%5D=9&resource[plan][name]=gold&tag[]=x&tag[]=y&row[0]=p&row[1]=q")).toEqual({
    resource: { id: "9", plan: { name: "gold" } },
    tag: ["x", "y"],
    row: ["p", "q"],
  });
});

test("reads numbers with a gap as an object, so that nobody can ask for a list of a billion", () => {
  expect(parseForm("a[1000000000]=x")).toEqual({ a: { 1000000000: "x" } });
});

test("appends behind the greatest number, as PHP does", () => {
  expect(parseForm("a[1]=x&a[]=y&a[k]=z&a[]=w")).toEqual({ a: { 1: "x", 2: "y", k: "z", 3: "w" } });
});

test("of a repeated name the last counts, also where a value becomes a branch", () => {
  expect(parseForm("a=1&a=2&b=1&b[c]=2&d[e]=1&d=2")).toEqual({ a: "2", b: { c: "2" }, d: "2" });
});

test.each(["[a]=1", "a[=1", "a]=1", "a[b=1", "[]=1", "["])("reads the unbalanced name in %j as a name", (text) => {
  const [name = ""] = text.split("=");
  expect(Object.keys(parseForm(text))).toEqual([name]);
});

test.each([
  "__proto__=1",
  "__proto__[x]=1",
  "a[__proto__][x]=1",
  "a[b][__proto__]=1",
  "%5F_proto__[x]=1",
  "constructor[prototype][x]=1",
  "a[constructor][prototype][x]=1",
  "a[constructor][prototype]=1",
])("drops %s, a way to the prototype", (field) => {
  expect(parseForm(`${field}&ok=1`)).toEqual({ ok: "1" });
  expect({}).not.toHaveProperty("x");
});

test("keeps a harmless constructor", () => {
  expect(parseForm("constructor=ACME&toString=x")).toEqual({ constructor: "ACME", toString: "x" });
});

test("refuses more than 20 levels, however many brackets, and takes 20", async () => {
  expect(parseForm(`a${"[b]".repeat(20)}=1`)).toHaveProperty(`a${".b".repeat(20)}`, "1");
  for (const levels of [21, 1000, 100_000]) {
    expect(await refusalOf(() => parseForm(`a${"[b]".repeat(levels)}=1`))).toBe("ERR_BODY_MALFORMED 400");
  }
});

test("refuses more than 1,000 fields, and takes 1,000", async () => {
  const fields = (count: number): string => Array.from({ length: count }, (_, index) => `k${index}=1`).join("&");
  expect(Object.keys(parseForm(fields(1000)))).toHaveLength(1000);
  expect(await refusalOf(() => parseForm(fields(1001)))).toBe("ERR_BODY_MALFORMED 400");
  expect(await refusalOf(() => parseForm(fields(1_000_000)))).toBe("ERR_BODY_MALFORMED 400");
});

test.each(["a=%", "a=%zz", "%=1", "a=%C3", "a=%ED%A0%80", "a=%FF"])("refuses the broken escape in %s", async (text) => {
  expect(await refusalOf(() => parseForm(text))).toBe("ERR_BODY_MALFORMED 400");
});

test("reads back whatever names and values URLSearchParams writes", () => {
  const name = fc
    .string({ unit: "grapheme", minLength: 1 })
    .filter((text) => text !== "__proto__" && !/[[\]]/.test(text));
  const fields = fc.uniqueArray(fc.tuple(name, fc.string({ unit: "grapheme" })), { selector: ([key]) => key });
  fc.assert(
    fc.property(fields, (pairs) => {
      expect(parseForm(new URLSearchParams(pairs).toString())).toEqual(Object.fromEntries(pairs));
    }),
  );
});

test("never throws anything but a refusal, and never touches a prototype", async () => {
  const piece = fc.constantFrom("a", "[", "]", "=", "&", "%", "__proto__", "constructor", "prototype", "[]", "0", "+");
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async (pieces) => {
      expect(await refusalOf(() => parseForm(pieces.join("")))).toMatch(/^(?:nothing|ERR_BODY_MALFORMED 400)$/);
      expect(Object.keys(Object.prototype)).toEqual([]);
    }),
  );
});

test("reads the only field of a form", () => {
  expect(readOnlyField("payload=%7B%22a%22%3A+1%7D", "payload")).toBe('{"a": 1}');
  expect(readOnlyField("payload=", "payload")).toBe("");
});

test("takes nothing for the only field that does not start with its name, or where none is asked for", () => {
  expect(readOnlyField('{"a":"&payload=%7B%7D"}', "payload")).toBeUndefined();
  expect(readOnlyField("payloads=1", "payload")).toBeUndefined();
  expect(readOnlyField("payload=1", undefined)).toBeUndefined();
});

test.each(["payload=1&payload=2", "payload=1&", "payload=%zz"])(
  "refuses a form with more than its field: %s",
  (text) => {
    expect(() => readOnlyField(text, "payload")).toThrow(expect.objectContaining({ code: "ERR_BODY_MALFORMED" }));
  },
);
