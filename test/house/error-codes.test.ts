import { errorCodes } from "@hooklatch/core/errors";
import { describe, expect, test } from "vitest";

import { errorCodesAreCovered } from "./error-codes.ts";
import { readTree } from "./tree.ts";

describe("the error codes", () => {
  test("have a page and a test each", () => {
    expect(errorCodesAreCovered(Object.keys(errorCodes))(readTree())).toEqual([]);
  });
});

describe("the rule about error codes", () => {
  const rule = errorCodesAreCovered(["ERR_A", "ERR_B"]);

  test("is content where every code has both", () => {
    const files = [
      { path: "docs/errors/ERR_A.md", text: "" },
      { path: "docs/errors/ERR_B.md", text: "" },
      { path: "docs/errors/README.md", text: "" },
      { path: "test/attacks/a.test.ts", text: '"ERR_A"' },
      { path: "packages/core/src/b.test.ts", text: '"ERR_B"' },
    ];
    expect(rule(files)).toEqual([]);
  });

  test("finds a missing page, a stray page and an untested code", () => {
    const files = [
      { path: "docs/errors/ERR_A.md", text: "" },
      { path: "docs/errors/ERR_C.md", text: "" },
      { path: "test/attacks/a.test.ts", text: '"ERR_A_LONGER", "ERR_B"' },
      { path: "test/house/a.test.ts", text: '"ERR_A"' },
      { path: "packages/core/src/a.ts", text: '"ERR_A"' },
    ];
    expect(rule(files)).toEqual([
      "ERR_B: has no page",
      "docs/errors/ERR_C.md: is the page of no code",
      "ERR_A: stands in no test",
    ]);
  });
});
