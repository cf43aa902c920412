/** What a test run came to. */
export interface Summary {
  /** `Tests: N passed, N failed, N skipped`. */
  readonly line: string;
  /** Why the run does not count as passed. */
  readonly complaint?: string;
}

/** The fields of Vitest's JSON report that are read here. */
interface Report {
  readonly success: boolean;
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
}

/** Sums up the JSON report of a test run. A run that left no report, or had no test, has not passed. */
export function summarise(text: string | undefined): Summary {
  const report = readReport(text);
  if (report === undefined) return { line: lineOf(0, 0, 0), complaint: "The test run left no report." };
  const { numPassedTests: passed, numFailedTests: failed, success } = report;
  const skipped = report.numPendingTests + report.numTodoTests;
  const line = lineOf(passed, failed, skipped);
  if (passed + failed === 0) return { line, complaint: "No test ran." };
  if (failed > 0 || !success) return { line, complaint: "The test run failed." };
  return { line };
}

function lineOf(passed: number, failed: number, skipped: number): string {
  return `Tests: ${passed} passed, ${failed} failed, ${skipped} skipped`;
}

function readReport(text: string | undefined): Report | undefined {
  try {
    const report: unknown = JSON.parse(text ?? "");
    return isReport(report) ? report : undefined;
  } catch {
    return undefined;
  }
}

function isReport(value: unknown): value is Report {
  const counts = ["numPassedTests", "numFailedTests", "numPendingTests", "numTodoTests"];
  if (typeof value !== "object" || value === null) return false;
  const fields = new Map<string, unknown>(Object.entries(value));
  return typeof fields.get("success") === "boolean" && counts.every((name) => Number.isInteger(fields.get(name)));
}
