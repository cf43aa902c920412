import { describe, expect, test } from "vitest";

import { readTree } from "../house/tree.ts";
import { codeCompiles, jsonParses, readCodeBlocks, scriptsExist } from "./code-blocks.ts";

const tree = readTree();

describe("the code in the docs", () => {
  test("compiles", { timeout: 60_000 }, () => {
    expect(codeCompiles(tree)).toEqual([]);
  });

  test("parses where it is JSON", () => {
    expect(jsonParses(tree)).toEqual([]);
  });

  test("runs scripts that exist", () => {
    expect(scriptsExist(tree)).toEqual([]);
  });
});

describe("the rules about code in the docs", () => {
  const page = (language: string, ...lines: readonly string[]) => [
    { path: "docs/a.md", text: `# A\n\n${fenced(language, ...lines)}` },
    { path: "package.json", text: '{ "scripts": { "demo": "" } }' },
  ];

  test("read a block with the line it starts on, in a list too", () => {
    const text = "# A\n\n- one\n\n  ```ts\n  f();\n  ```\n";
    expect(readCodeBlocks([{ path: "docs/a.md", text }])).toEqual([
      { path: "docs/a.md", line: 6, language: "ts", text: "f();" },
    ]);
  });

  test("find the line of a type error", () => {
    const files = page(
      "ts",
      'import { errorCodes } from "@hooklatch/core/errors";',
      "const code: number = errorCodes;",
      "export { code };",
    );
    expect(codeCompiles(files)).toEqual([
      expect.stringMatching(/^docs\/a\.md:5: Type .* is not assignable to type 'number'/),
    ]);
  });

  test("find a fragment, a name that is not exported and a syntax error", () => {
    expect(codeCompiles(page("ts", "payments.on();"))).toHaveLength(1);
    expect(codeCompiles(page("ts", 'import { gone } from "@hooklatch/core/errors";', "gone();"))).toHaveLength(1);
    expect(codeCompiles(page("js", "const = 1;"))).not.toEqual([]);
  });

  test("let two blocks use one name", () => {
    const block = fenced("ts", "const port = 1;", "console.log(port);");
    expect(codeCompiles([{ path: "docs/a.md", text: `${block}\n${block}` }])).toEqual([]);
  });

  test("find JSON that does not parse", () => {
    expect(jsonParses(page("json", "{ a: 1 }"))).toHaveLength(1);
    expect(jsonParses(page("json", '{ "a": 1 }'))).toEqual([]);
  });

  test("find a script that does not exist", () => {
    expect(scriptsExist(page("sh", "npx -y pnpm@12 demo --serve", "npx -y pnpm@12 exec tsc"))).toEqual([]);
    expect(scriptsExist(page("sh", "npx -y pnpm@12 serve"))).toEqual(["docs/a.md:4: package.json has no script serve"]);
  });
});

function fenced(language: string, ...lines: readonly string[]): string {
  return [`\`\`\`${language}`, ...lines, "```", ""].join("\n");
}
