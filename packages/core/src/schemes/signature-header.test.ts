import { expect, test } from "vitest";

import { toDelivery, toIncomingDelivery } from "../incoming-delivery.ts";
import { refusalOf } from "../test-support/caught.ts";
import type { SignatureEncoding } from "./options.ts";
import { readSignature } from "./signature-header.ts";

// These bytes use every letter that tells the encodings apart.
const bytes = Buffer.from("fbefbeff00ab", "hex");
const spelled = { hex: "fbefbeff00ab", base64: "++++/wCr", base64url: "----_wCr" };

function read(value: string | readonly string[] | undefined, encoding: SignatureEncoding, prefix?: string) {
  const incoming = toIncomingDelivery({ headers: { "X-Sig": value }, body: new Uint8Array() });
  return readSignature(toDelivery(incoming, new Uint8Array(), 0), { header: "x-sig", encoding, prefix });
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
