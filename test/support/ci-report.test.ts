import { describe, expect, test } from "vitest";

import { summarise } from "./ci-report.ts";

describe("the last line of CI", () => {
  const report = (change: object = {}) =>
    JSON.stringify({
      success: true,
      numPassedTests: 12,
      numFailedTests: 0,
      numPendingTests: 0,
      numTodoTests: 0,
      ...change,
    });

  test("counts the tests", () => {
    expect(summarise([report()])).toEqual({ line: "Tests: 12 passed, 0 failed, 0 skipped", failures: [] });
    expect(summarise([report({ numPendingTests: 2, numTodoTests: 1 })]).line).toBe(
      "Tests: 12 passed, 0 failed, 3 skipped",
    );
  });

  test.each([
    ["a failed test", report({ numFailedTests: 1 }), "Tests: 12 passed, 1 failed, 0 skipped"],
    ["a run that failed beside its tests", report({ success: false }), "Tests: 12 passed, 0 failed, 0 skipped"],
    ["a run without a test", report({ numPassedTests: 0 }), "Tests: 0 passed, 0 failed, 0 skipped"],
    ["no report", undefined, "Tests: 0 passed, 0 failed, 0 skipped"],
    ["half a report", report().slice(0, 40), "Tests: 0 passed, 0 failed, 0 skipped"],
    ["a report of another shape", '{"success":true}', "Tests: 0 passed, 0 failed, 0 skipped"],
  ])("complains about %s", (_what, text, line) => {
    expect(summarise([text])).toEqual({ line, failures: [], complaint: expect.any(String) });
  });

  test("names each failed test, in few lines, so that the end of a log shows the cause", () => {
    const failed = report({
      success: false,
      numFailedTests: 2,
      testResults: [
        {
          name: "/app/test/a.test.ts",
          message: "",
          assertionResults: [
            { status: "passed", fullName: "a holds", failureMessages: [] },
            {
              status: "failed",
              fullName: "a breaks",
              failureMessages: ["Error: 1 is not 2\n    at /app/node_modules/x.js:1\n    at a.ts:1"],
            },
            { status: "failed", fullName: "a breaks too", failureMessages: [`${"line\n".repeat(40)}end`] },
          ],
        },
        { name: "/app/test/b.test.ts", message: "SyntaxError: no such thing", assertionResults: [] },
      ],
    });
    expect(summarise([report(), failed]).failures).toEqual([
      "FAILED /app/test/a.test.ts > a breaks\n  Error: 1 is not 2\n      at a.ts:1",
      `FAILED /app/test/a.test.ts > a breaks too\n${"  line\n".repeat(11)}  line`,
      "FAILED /app/test/b.test.ts\n  SyntaxError: no such thing",
    ]);
  });

  test("names no more failed tests than can be read", () => {
    const tests = Array.from({ length: 60 }, (_, index) => ({
      status: "failed",
      fullName: `test ${index}`,
      failureMessages: ["Error: no"],
    }));
    const testResults = [{ name: "/app/test/a.test.ts", message: "", assertionResults: tests }];
    const { failures } = summarise([report({ success: false, numFailedTests: 60, testResults })]);
    expect(failures).toHaveLength(21);
    expect(failures.at(-1)).toBe("And 40 more.");
  });

  test.each([
    ["no list", undefined],
    [
      "a list of something else",
      [1, { name: 2 }, { name: "/a", message: "", assertionResults: [null, { status: "failed" }] }],
    ],
  ])("survives %s of tests in a report", (_what, testResults) => {
    expect(summarise([report({ success: false, numFailedTests: 1, testResults })]).complaint).toBe(
      "A test run failed.",
    );
  });

  test("adds up several runs, and complains about each that did not pass", () => {
    const other = report({ numPassedTests: 30, numFailedTests: 0, numTodoTests: 1 });
    expect(summarise([report(), other])).toEqual({ line: "Tests: 42 passed, 0 failed, 1 skipped", failures: [] });
    expect(summarise([report(), report({ numFailedTests: 2 })])).toEqual({
      line: "Tests: 24 passed, 2 failed, 0 skipped",
      failures: [],
      complaint: "A test run failed.",
    });
    expect(summarise([report(), undefined])).toEqual({
      line: "Tests: 12 passed, 0 failed, 0 skipped",
      failures: [],
      complaint: "A test run left no report.",
    });
    expect(summarise([]).complaint).toBe("There was no test run.");
  });
});
