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
    expect(summarise([report()])).toEqual({ line: "Tests: 12 passed, 0 failed, 0 skipped" });
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
    expect(summarise([text])).toEqual({ line, complaint: expect.any(String) });
  });

  test("adds up several runs, and complains about each that did not pass", () => {
    const other = report({ numPassedTests: 30, numFailedTests: 0, numTodoTests: 1 });
    expect(summarise([report(), other])).toEqual({ line: "Tests: 42 passed, 0 failed, 1 skipped" });
    expect(summarise([report(), report({ numFailedTests: 2 })])).toEqual({
      line: "Tests: 24 passed, 2 failed, 0 skipped",
      complaint: "A test run failed.",
    });
    expect(summarise([report(), undefined])).toEqual({
      line: "Tests: 12 passed, 0 failed, 0 skipped",
      complaint: "A test run left no report.",
    });
    expect(summarise([]).complaint).toBe("There was no test run.");
  });
});
