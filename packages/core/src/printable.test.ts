import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { printable, withoutMessage } from "./printable.ts";

describe("printable text", () => {
  test("is left as it is when it is fit for a line", () => {
    expect(printable("order.paid é 漢 🜚 $& %s")).toBe("order.paid é 漢 🜚 $& %s");
  });

  test.each([
    ["a line break", "a\r\nb", String.raw`a\u{d}\u{a}b`],
    ["a terminal's escape", "a\u001B[2Jb", String.raw`a\u{1b}[2Jb`],
    ["a NUL and a DEL", "\0\u007f", String.raw`\u{0}\u{7f}`],
    ["the line breaks of Unicode", "a\u2028b\u2029c\u0085d", String.raw`a\u{2028}b\u{2029}c\u{85}d`],
    ["a change of direction", "a\u202Eb\u2066c", String.raw`a\u{202e}b\u{2066}c`],
    ["an invisible character", "a\u200Bb\uFEFF", String.raw`a\u{200b}b\u{feff}`],
    ["half a character", "a\uD83D", String.raw`a\u{d83d}`],
  ])("has %s spelled out", (_what, text, expected) => {
    expect(printable(text)).toBe(expected);
  });

  test("is cut off when it is too long, also in the middle of a character", () => {
    expect(printable("a".repeat(120))).toHaveLength(120);
    expect(printable("a".repeat(121))).toBe(`${"a".repeat(120)}…`);
    expect(printable("a🜚b", 2)).toBe(String.raw`a\u{d83d}…`);
  });

  test("is one line of well-formed text, whatever comes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const line = printable(text);
        expect(line.isWellFormed()).toBe(true);
        expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});

describe("a cause without its message", () => {
  test("tells its class and where it was thrown, and quotes nothing", () => {
    const cause = new TypeError("bad value s3cr3t\n    and s3cr3t again");
    const bare = withoutMessage(cause);
    expect(bare.message).toBe("TypeError (message withheld)");
    expect(bare.stack).toContain("printable.test.ts");
    expect(bare.stack).not.toContain("s3cr3t");
    expect(bare.cause).toBeUndefined();
  });

  test.each([
    ["s3cr3t", "a thrown string"],
    [undefined, "a thrown undefined"],
    [{ s3cr3t: 1 }, "a thrown object"],
  ])("of %j tells its kind", (cause, expected) => {
    expect(withoutMessage(cause)).toMatchObject({ message: expected, stack: expected });
  });
});
