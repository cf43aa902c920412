import { createHmac, randomBytes } from "node:crypto";

import fc from "fast-check";
import { expect, test } from "vitest";

import { createHmacDigest } from "./hmac-digest.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

// RFC 4231 section 4.8: a key larger than a block.
test("computes a published vector with a key that is hashed first", () => {
  const content = Buffer.from(
    "This is a test using a larger than block-size key and a larger than block-size data. " +
      "The key needs to be hashed before being used by the HMAC algorithm.",
  );
  expect(hex(createHmacDigest("sha256", Buffer.alloc(131, 0xaa))([content]))).toBe(
    "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
  );
});

test.each(["sha1", "sha256", "sha384", "sha512", "sha224", "sha3-256"])(
  "is what createHmac computes: %s",
  (algorithm) => {
    const bytes = (maxLength: number) => fc.uint8Array({ minLength: 1, maxLength });
    fc.assert(
      fc.property(bytes(300), fc.array(bytes(3000), { minLength: 1, maxLength: 4 }), (key, content) => {
        const digest = createHmacDigest(algorithm, key);
        digest([randomBytes(2000)]); // what the last content left behind must not show
        const expected = createHmac(algorithm, key).update(Buffer.concat(content)).digest("hex");
        expect(hex(digest(content))).toBe(expected);
        expect(hex(digest(content.map((part) => Buffer.from(part).toString("latin1"))))).toBe(expected);
      }),
      { numRuns: 200 },
    );
  },
);

test.each([16_383, 16_384, 16_385, 100_000])("computes a content of %i bytes", (length) => {
  const content = randomBytes(length);
  const expected = createHmac("sha256", "key").update(content).digest("hex");
  expect(hex(createHmacDigest("sha256", Buffer.from("key"))([content]))).toBe(expected);
});

test("gives answers that the next computation leaves alone", () => {
  const digest = createHmacDigest("sha256", Buffer.from("key"));
  const first = digest(["a"]);
  const copy = hex(first);
  digest(["b"]);
  expect(hex(first)).toBe(copy);
});
