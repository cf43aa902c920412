import { readFileSync } from "node:fs";

import { diagnosisCauses } from "@hooklatch/core";
import { expect, test } from "vitest";

const page = readFileSync(new URL("../../docs/guides/why-did-it-fail.md", import.meta.url), "utf8");

/** The first cells of the table under "The causes". */
function causesIn(text: string): readonly string[] {
  const section = text.split(/^## /m).find((part) => part.startsWith("The causes\n")) ?? "";
  const [, rows = ""] = section.split(/^\| -.*$/m);
  return [...rows.matchAll(/^\| `([\w-]+)`/gm)].map(([, cause = ""]) => cause);
}

test("the guide's table has every cause exactly once, and no other", () => {
  expect(causesIn(page).toSorted()).toEqual([...diagnosisCauses].toSorted());
});

test("only that table is read, without its head", () => {
  const table =
    "# A\n\n## The causes\n\n| `cause` | found |\n| --- | --- |\n| `body-bom` | a mark |\n\n## Next\n\n| `b` | x |\n";
  expect(causesIn(table)).toEqual(["body-bom"]);
});
