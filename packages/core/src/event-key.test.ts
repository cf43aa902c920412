import fc from "fast-check";
import { expect, test } from "vitest";

import { createEventKey } from "./event-key.ts";

test("is the same for the same event, in another process and on another day", () => {
  expect(createEventKey("shop", "default")("evt_1")).toBe("4:shop7:default=evt_1");
  const long = createEventKey("shop", "default")("x".repeat(257));
  expect(long).toBe("4:shop7:default#15eb95a462ee20bd91a415ae2d4aed341288186ddaa2b37908f7d592f0c3f85f");
});

test.each([
  [
    ["a:b", "c", "1"],
    ["a", "b:c", "1"],
  ],
  [
    ["a", "1:b", "2"],
    ["a1", ":b", "2"],
  ],
  [
    ["shop", "x", "=1"],
    ["shop", "x=", "1"],
  ],
  [
    ["1", "1", "1"],
    ["11", "1", ""],
  ],
  [
    ["shop", "default", "x".repeat(257)],
    ["shop", "default", "x".repeat(258)],
  ],
  [
    ["shop", "default", "1"],
    ["shop", "default", "1 "],
  ],
  [
    ["shop", "default", "é"],
    ["shop", "default", "e\u0301"],
  ],
] as const)("is another for %j than for %j", (one, other) => {
  expect(createEventKey(one[0], one[1])(one[2])).not.toBe(createEventKey(other[0], other[1])(other[2]));
});

test("of a long id is not what another id spells out", () => {
  const keyOf = createEventKey("shop", "default");
  const hashed = keyOf("x".repeat(300));
  const tail = hashed.slice("4:shop7:default".length);
  expect(keyOf(tail)).not.toBe(hashed);
  expect(keyOf(tail.slice(1))).not.toBe(hashed);
});

test("is never the same for two different events", () => {
  const letters = fc.array(fc.constantFrom("a", ":", "=", "#", "1", "2", "11", ""), { maxLength: 6 });
  const text = letters.map((list) => list.join(""));
  const id = fc.oneof(
    text,
    fc.tuple(text, fc.constantFrom(255, 256, 257)).map(([tail, length]) => "x".repeat(length) + tail),
  );
  const place = fc.tuple(text, text, id);
  fc.assert(
    fc.property(place, place, (one, other) => {
      const isSame = createEventKey(one[0], one[1])(one[2]) === createEventKey(other[0], other[1])(other[2]);
      expect(isSame).toBe(JSON.stringify(one) === JSON.stringify(other));
    }),
    { numRuns: 20_000 },
  );
});

test("fits into what a store must hold, whatever the id", () => {
  const keyOf = createEventKey("shop", "default");
  for (const length of [1, 256, 257, 100_000]) {
    expect(Buffer.byteLength(keyOf("漢".repeat(length)))).toBeLessThanOrEqual(1024);
  }
});

test("has no NUL, which Postgres refuses in text", () => {
  expect(createEventKey("shop", "default")("a\0b")).not.toContain("\0");
});
