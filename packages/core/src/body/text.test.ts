import { expect, test } from "vitest";

import { refusalOf } from "../test-support/caught.ts";
import { decodeText } from "./text.ts";

const hex = (text: string): Uint8Array => Buffer.from(text, "hex");

test("decodes UTF-8 and keeps line ends, NUL and every plane", () => {
  const text = "a\r\nb\n\0 é 漢 🜚";
  expect(decodeText(Buffer.from(text, "utf8"))).toBe(text);
});

test("drops one byte order mark, and only at the start", () => {
  expect(decodeText(hex("efbbbf7b7d"))).toBe("{}");
  expect(decodeText(hex("efbbbfefbbbf7b7d"))).toBe("\uFEFF{}");
  expect(decodeText(hex("7befbbbf7d"))).toBe("{\uFEFF}");
});

test.each([
  ["a byte that is never UTF-8", "7bff7d"],
  ["a sequence that is cut off", "c3"],
  ["an overlong slash", "c0af"],
  ["a surrogate", "eda080"],
  ["a code point past the last", "f4908080"],
  ["UTF-16", "fffe7b007d00"],
])("refuses %s", async (_what, bytes) => {
  expect(await refusalOf(() => decodeText(hex(bytes)))).toBe("ERR_BODY_NOT_UTF8 400");
});

test("is not disturbed by the body it refused before", async () => {
  await refusalOf(() => decodeText(hex("c3")));
  expect(decodeText(hex("a9".padStart(4, "c3")))).toBe("é");
});
