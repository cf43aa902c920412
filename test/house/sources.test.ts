import { describe, expect, test } from "vitest";

import { countCodeLines, filesAreShort, indexesOnlyExport, namesAreKebabCase, typesAreHonest } from "./sources.ts";
import { readTree } from "./tree.ts";

const tree = readTree();

describe("the source files", () => {
  test("have kebab-case names", () => {
    expect(namesAreKebabCase(tree)).toEqual([]);
  });

  test("have at most 250 lines of code", () => {
    expect(filesAreShort(tree)).toEqual([]);
  });

  test("keep logic out of index.ts", () => {
    expect(indexesOnlyExport(tree)).toEqual([]);
  });

  test("hide nothing from the compiler and the linter", () => {
    expect(typesAreHonest(tree)).toEqual([]);
  });
});

describe("the rules about source files", () => {
  const path = "packages/a/src/a.ts";

  test.each(["readBody.ts", "ReadBody.ts", "read_body.ts", "read--body.ts"])("refuse the name %s", (name) => {
    expect(namesAreKebabCase([{ path: `test/${name}`, text: "" }])).toHaveLength(1);
  });

  test("count lines of code, without blank lines and comments", () => {
    const text = [
      "/** Says",
      " * something. */",
      "export function f(): string {",
      "",
      "  // why",
      "  return `two // lines",
      "of text`; // and a remark",
      "}",
      "/* the end */",
    ].join("\n");
    expect(countCodeLines({ path, text })).toBe(4);
  });

  test("find a file one line too long", () => {
    const file = (lines: number) => ({ path, text: "// A comment.\n".concat("f();\n".repeat(lines)) });
    expect(filesAreShort([file(250)])).toEqual([]);
    expect(filesAreShort([file(251)])).toEqual([`${path}: has 251 lines of code`]);
  });

  test.each(['import "./a.ts";', "export const a = 1;", "const a = 1; export { a };"])(
    "refuse the index %s",
    (text) => {
      expect(indexesOnlyExport([{ path: "packages/a/src/chip/index.ts", text }])).not.toEqual([]);
    },
  );

  test.each([
    "const a: any = 1;",
    "function f(a: Record<string, any>): void {}",
    "// It is one.\nconst a = b as unknown as A;",
    "const a = b as A;",
    "/** Says what it is for. */\nconst a = b as A;",
    "// @ts-expect-error it works\nf(1);",
    ["// ox", "lint-disable-next-line no-console\nf(1);"].join(""),
  ])("refuse %j", (text) => {
    expect(typesAreHonest([{ path, text }])).toHaveLength(1);
    expect(typesAreHonest([{ path: "packages/a/src/a.test.ts", text }])).toEqual([]);
  });

  test.each([
    "const a = [1] as const;",
    "// Checked above.\nconst a = b as A;",
    "const a = b as A; // checked above",
    "f(\n  // Checked above.\n  b as A,\n);",
    "// `any` and `as` in a comment are words.\nconst any = 1;",
    "export { a as b };",
  ])("allow %j", (text) => {
    expect(typesAreHonest([{ path, text }])).toEqual([]);
  });
});
