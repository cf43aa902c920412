import { describe, expect, test } from "vitest";

import { toDelivery, toIncomingDelivery } from "../incoming-delivery.ts";
import { refusalOf } from "../test-support/caught.ts";
import type { SignatureEncoding } from "./options.ts";
import { readSignatureHeader } from "./signature-header.ts";

// These bytes use every letter that tells the encodings apart.
const bytes = Buffer.from("fbefbeff00ab", "hex");
const spelled = { hex: "fbefbeff00ab", base64: "++++/wCr", base64url: "----_wCr" };

function read(value: string | readonly string[] | undefined, encoding: SignatureEncoding, prefix?: string) {
  const { signatures } = readSignatureHeader(deliveryOf(value), { header: "x-sig", encoding, prefix });
  expect(signatures).toHaveLength(1);
  return signatures[0] ?? new Uint8Array();
}

function deliveryOf(value: string | readonly string[] | undefined) {
  return toDelivery(toIncomingDelivery({ headers: { "X-Sig": value }, body: new Uint8Array() }), new Uint8Array(), 0);
}

const encodings = ["hex", "base64", "base64url"] as const;

test.each(encodings)("reads canonical %s, with and without a prefix", (encoding) => {
  expect(Buffer.from(read(spelled[encoding], encoding)).equals(bytes)).toBe(true);
  expect(Buffer.from(read(`v1=${spelled[encoding]}`, encoding, "v1=")).equals(bytes)).toBe(true);
});

test.each([undefined, ""])("refuses a missing signature: %j", async (value) => {
  expect(await refusalOf(() => read(value, "hex"))).toBe("ERR_SIGNATURE_MISSING 401");
});

test.each([
  ["hex", "upper case", "FBEFBEFF00AB"],
  ["hex", "mixed case", "fbefbeff00aB"],
  ["hex", "an odd number of digits", "fbefbeff00a"],
  ["hex", "what is no hex", "zbefbeff00ab"],
  ["hex", "junk behind", "fbefbeff00ab,"],
  ["hex", "a leading space", " fbefbeff00ab"],
  ["hex", "a prefix nobody configured", "sha256=fbefbeff00ab"],
  ["hex", "full-width digits", "ｆｂ"],
  ["hex", "a character that ends in the byte of a digit", "\u0166befbeff00ab"],
  ["base64", "missing padding", "+w"],
  ["base64", "too much padding", "+w==="],
  ["base64", "unused bits that are not zero", "+x=="],
  ["base64", "the letters of base64url", "-w=="],
  ["base64", "a line break", "++++\n/w=="],
  ["base64", "a space", "+ w=="],
  ["base64", "text behind the padding", "+w==+w=="],
  ["base64", "nothing but padding", "===="],
  ["base64", "two signatures joined as a proxy would", "+w==, +w=="],
  ["base64url", "padding", "-w=="],
  ["base64url", "the letters of base64", "+w"],
  ["base64url", "unused bits that are not zero", "-x"],
] as const)("refuses %s with %s", async (encoding, _what, value) => {
  expect(await refusalOf(() => read(value, encoding))).toBe("ERR_SIGNATURE_MALFORMED 401");
});

test.each(["", "V1=", "v1", "v2=", " v1="])("refuses the prefix %j where v1= is configured", async (prefix) => {
  expect(await refusalOf(() => read(`${prefix}${spelled.hex}`, "hex", "v1="))).toBe("ERR_SIGNATURE_MALFORMED 401");
});

test("refuses a prefix with no signature behind it", async () => {
  expect(await refusalOf(() => read("v1=", "hex", "v1="))).toBe("ERR_SIGNATURE_MALFORMED 401");
});

test("refuses a repeated header, even if both values are the same", async () => {
  expect(await refusalOf(() => read([spelled.hex, spelled.hex], "hex"))).toBe("ERR_HEADER_REPEATED 400");
});

test("refuses more than 4,096 characters and reads 4,096", async () => {
  expect(read("ab".repeat(2048), "hex")).toHaveLength(2048);
  expect(await refusalOf(() => read("ab".repeat(2049), "hex"))).toBe("ERR_SIGNATURE_MALFORMED 401");
  expect(await refusalOf(() => read("v1=ab,".repeat(10_000), "hex"))).toBe("ERR_SIGNATURE_MALFORMED 401");
});

test("has no fields where none are configured", () => {
  const { values } = readSignatureHeader(deliveryOf(spelled.hex), { header: "x-sig", encoding: "hex" });
  expect(values("t")).toEqual([]);
});

describe("a header of fields", () => {
  const stripe = { separator: ",", assign: "=", signature: "v1" };
  const standard = { separator: " ", assign: ",", signature: "v1" };

  function readFields(value: string, fields = stripe, prefix?: string) {
    return readSignatureHeader(deliveryOf(value), { header: "x-sig", encoding: "hex", fields, prefix });
  }
  const inHex = (value: string, fields = stripe, prefix?: string) =>
    readFields(value, fields, prefix).signatures.map((signature) => Buffer.from(signature).toString("hex"));

  test.each([
    ["one signature", "t=1,v1=aa", stripe],
    ["the signature first", "v1=aa,t=1", stripe],
    ["an older version beside it", "t=1,v0=bb,v1=aa", stripe],
    ["a version whose name starts alike", "v10=bb,v1=aa,v1a=cc,xv1=dd", stripe],
    ["a version whose name starts alike, as in Standard Webhooks", "v1a,bb v1,aa v10,cc", standard],
    ["a version in other letters", "V1=bb,v1=aa", stripe],
    ["a part that is not named", "junk,v1=aa,,=,", stripe],
    ["blanks around it", "t=1 , \tv1=aa ", stripe],
    ["two blanks between", "v1,aa  v2,bb", standard],
  ])("gives its one signature with %s", (_what, value, fields) => {
    expect(inHex(value, fields)).toEqual(["aa"]);
  });

  test("gives all signatures of the version in their order", () => {
    expect(inHex("v1=aa,t=1,v1=bb,v0=cc,v1=dd")).toEqual(["aa", "bb", "dd"]);
    expect(inHex("v1,aa v1a,ee v1,bb", standard)).toEqual(["aa", "bb"]);
  });

  test("takes off the prefix of each signature, and asks for it", async () => {
    expect(inHex("t=1,v1=sha256:aa,v1=sha256:bb", stripe, "sha256:")).toEqual(["aa", "bb"]);
    const refusal = await refusalOf(() => readFields("v1=sha256:aa,v1=bb", stripe, "sha256:"));
    expect(refusal).toBe("ERR_SIGNATURE_MALFORMED 401");
  });

  test("keeps an assign that stands in the value", () => {
    const fields = { header: "x-sig", encoding: "base64", fields: stripe } as const;
    const { signatures } = readSignatureHeader(deliveryOf("v1=+w=="), fields);
    expect(Buffer.from(signatures[0] ?? []).toString("hex")).toBe("fb");
  });

  test.each([
    ["has only other versions", "t=1,v0=aa"],
    ["has only a time", "t=1"],
    ["has no fields at all", "aa"],
    ["separates otherwise", "t=1;v1=aa"],
    ["assigns otherwise", "t:1,v1:aa"],
    ["has a blank before the assign", "v1 =aa"],
  ])("carries no signature when it %s", async (_what, value) => {
    expect(await refusalOf(() => readFields(value))).toBe("ERR_SIGNATURE_MISSING 401");
  });

  test.each([
    ["is empty", "t=1,v1="],
    ["is empty beside a good one", "v1=aa,v1="],
    ["is no hex beside a good one", "v1=aa,v1=zz"],
    ["has a blank behind the assign", "v1= aa"],
    ["has a blank in it", "v1=aa bb"],
    ["has a blank at its end that is not a header's", "v1=aa\u00a0"],
  ])("is refused whole when a signature %s", async (_what, value) => {
    expect(await refusalOf(() => readFields(value))).toBe("ERR_SIGNATURE_MALFORMED 401");
  });

  test("may have eight signatures and no ninth, however many others there are", async () => {
    const eight = Array.from({ length: 8 }, () => "v1=aa").join();
    expect(inHex(`${eight},${"v0=bb,".repeat(100)}t=1`)).toHaveLength(8);
    expect(await refusalOf(() => readFields(`${eight},v1=aa`))).toBe("ERR_SIGNATURE_MALFORMED 401");
  });

  test("answers with every value of a field, the repeated ones too", () => {
    const { values } = readFields("t=1,v1=aa, t=2 ,t=");
    expect(values("t")).toEqual(["1", "2", ""]);
    expect(values("x")).toEqual([]);
    expect(values("toString")).toEqual([]);
  });
});
