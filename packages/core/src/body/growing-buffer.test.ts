import { expect, test } from "vitest";

import { GrowingBuffer } from "./growing-buffer.ts";

test("joins what is added", () => {
  const buffer = new GrowingBuffer(100);
  expect(buffer.bytes).toHaveLength(0);
  for (const text of ["abc", "", "d", "ef"]) expect(buffer.add(Buffer.from(text))).toBe(true);
  expect(Buffer.from(buffer.bytes).toString()).toBe("abcdef");
});

test("takes exactly the limit and not one byte more", () => {
  const buffer = new GrowingBuffer(5);
  expect(buffer.add(Buffer.from("abcde"))).toBe(true);
  expect(buffer.add(Buffer.from("f"))).toBe(false);
  expect(Buffer.from(buffer.bytes).toString()).toBe("abcde");
});

test("adds nothing of a chunk that does not fit", () => {
  const buffer = new GrowingBuffer(5);
  buffer.add(Buffer.from("abc"));
  expect(buffer.add(Buffer.from("def"))).toBe(false);
  expect(buffer.add(Buffer.from("de"))).toBe(true);
  expect(Buffer.from(buffer.bytes).toString()).toBe("abcde");
});

test("grows through many sizes without losing a byte", () => {
  const buffer = new GrowingBuffer(300_000);
  for (let index = 0; index < 300_000; index++) buffer.add(Uint8Array.of(index % 251));
  expect(buffer.bytes.every((byte, index) => byte === index % 251)).toBe(true);
  expect(buffer.bytes).toHaveLength(300_000);
});

test("sets aside at most 16 KiB on the word of a declared length, and never more than the limit when it grows", () => {
  const announced = new GrowingBuffer(1_000_000_000, 900_000_000);
  expect(announced.bytes.buffer.byteLength).toBe(16_384);

  const nearTheLimit = new GrowingBuffer(5_000, 1);
  nearTheLimit.add(new Uint8Array(4_000));
  nearTheLimit.add(new Uint8Array(1_000));
  expect(nearTheLimit.bytes.buffer.byteLength).toBe(5_000);
});
