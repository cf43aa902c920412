import { describe, expect, test } from "vitest";

import { toDelivery, toIncomingDelivery } from "../incoming-delivery.ts";
import { refusalOf, thrownBy } from "../test-support/caught.ts";
import type { SignatureOptions } from "./options.ts";
import { signatureScheme } from "./signature-scheme.ts";

const options: SignatureOptions = { header: "X-Sig", encoding: "hex" };

function deliveryOf(headers: Readonly<Record<string, string>>) {
  return toDelivery(toIncomingDelivery({ headers, body: new Uint8Array(3) }), new Uint8Array(3), 0);
}

test("names every header it needs once, in lower case", () => {
  const content = "{header:X-Sig}|{timestamp}.{header:X-Id}.{body}";
  const scheme = signatureScheme({ ...options, content, timestamp: { header: "X-Time" } }, () => true);
  expect(scheme.headers).toEqual(["x-sig", "x-time", "x-id"]);
});

test("needs no header of a time that stands in a field, and hands it to the content", () => {
  const seen: unknown[] = [];
  const timed = {
    ...options,
    content: "{timestamp}.{body}",
    fields: { separator: ",", assign: "=", signature: "v1" },
    timestamp: { field: "t" },
  };
  const scheme = signatureScheme(timed, (signatures, content) => seen.push(signatures.length, content[0]) > 0);
  const delivery = deliveryOf({ "x-sig": "t=0,v1=aa,v1=bb" });
  expect(scheme.headers).toEqual(["x-sig"]);
  expect(scheme.verify(delivery, 0)).toBe(delivery.body);
  expect(seen).toEqual([2, "0."]);
});

test("tells its tolerance only where a time is signed", () => {
  expect(signatureScheme(options, () => true)).not.toHaveProperty("toleranceMs");
  const timed = { ...options, content: "{timestamp}.{body}", timestamp: { header: "x-time" } };
  expect(signatureScheme(timed, () => true).toleranceMs).toBe(300_000);
  const strict = { ...timed, timestamp: { header: "x-time", toleranceMs: 1500 } };
  expect(signatureScheme(strict, () => true).toleranceMs).toBe(1500);
});

test("answers with the very bytes of the delivery, at once or later as its check does", async () => {
  const delivery = deliveryOf({ "x-sig": "00" });
  expect(signatureScheme(options, () => true).verify(delivery, 0)).toBe(delivery.body);
  const later = signatureScheme(options, async () => true).verify(delivery, 0);
  expect(later).toBeInstanceOf(Promise);
  expect(await later).toBe(delivery.body);
});

test("refuses what its check refuses, at once or later", async () => {
  for (const check of [() => false, async () => false]) {
    const scheme = signatureScheme(options, check);
    expect(await refusalOf(() => scheme.verify(deliveryOf({ "x-sig": "00" }), 0))).toBe("ERR_SIGNATURE_MISMATCH 401");
  }
});

test("does not ask its check about a signature that is missing or malformed", async () => {
  const scheme = signatureScheme(options, () => {
    throw new Error("It was asked.");
  });
  expect(await refusalOf(() => scheme.verify(deliveryOf({}), 0))).toBe("ERR_SIGNATURE_MISSING 401");
  expect(await refusalOf(() => scheme.verify(deliveryOf({ "x-sig": "0G" }), 0))).toBe("ERR_SIGNATURE_MALFORMED 401");
});

describe("an option is refused at the start and named", () => {
  const timed = { content: "{timestamp}.{body}" };
  const fields = { separator: ",", assign: "=", signature: "v1" };
  test.each([
    ["header", { header: undefined }],
    ["header", { header: "" }],
    ["header", { header: "X Sig" }],
    ["header", { header: "x-sig\r\nx-other" }],
    ["encoding", { encoding: undefined }],
    ["encoding", { encoding: "utf8" }],
    ["encoding", { encoding: "HEX" }],
    ["prefix", { prefix: 1 }],
    ["content", { content: 1 }],
    ["cacheMs", { cacheMs: Number.NaN }],
    ["cacheMs", { cacheMs: -1 }],
    ["refreshCooldownMs", { refreshCooldownMs: Number.NaN }],
    ["refreshCooldownMs", { refreshCooldownMs: -1 }],
    ["fields", { fields: { separator: "", assign: "=", signature: "v1" } }],
    ["fields", { fields: { separator: ",", assign: "", signature: "v1" } }],
    ["fields", { fields: { separator: ",", assign: "=", signature: "" } }],
    ["fields", { fields: { separator: ",", assign: "=" } }],
    ["fields", { fields: { separator: "=", assign: "=", signature: "v1" } }],
    ["fields", { fields: { separator: ",", assign: "=", signature: "v1=" } }],
    ["fields", { fields: { separator: ",", assign: "=", signature: "v,1" } }],
    ["fields", { fields: { separator: ",", assign: "=", signature: " v1" } }],
    ["timestamp.field", { ...timed, timestamp: { field: "t" } }],
    ["timestamp.field", { ...timed, fields, timestamp: { field: "" } }],
    ["timestamp.field", { ...timed, fields, timestamp: { field: undefined } }],
    ["timestamp.field", { ...timed, fields, timestamp: { field: "t=" } }],
    ["timestamp.field", { ...timed, fields, timestamp: { field: "v1" } }],
    ["timestamp.field", { ...timed, fields, timestamp: { field: "t", header: "x-time" } }],
    ["timestamp.header", { ...timed, timestamp: {} }],
    ["timestamp.header", { ...timed, timestamp: { header: "x time" } }],
    ["timestamp.unit", { ...timed, timestamp: { header: "x-time", unit: "ms" } }],
    ["timestamp.toleranceMs", { ...timed, timestamp: { header: "x-time", toleranceMs: 0 } }],
    ["timestamp.toleranceMs", { ...timed, timestamp: { header: "x-time", toleranceMs: Number.NaN } }],
    ["timestamp.toleranceMs", { ...timed, timestamp: { header: "x-time", toleranceMs: Number.POSITIVE_INFINITY } }],
  ])("%s as in %j", (name, change: object) => {
    const error = thrownBy(() => signatureScheme({ ...options, ...change }, () => true));
    expect(error).toMatchObject({ name: "ConfigError", code: "ERR_OPTION_INVALID", status: 500 });
    expect(error.message).toContain(`${name} must be`);
  });
});
