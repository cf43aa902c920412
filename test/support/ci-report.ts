/** What test runs came to. */
export interface Summary {
  /** `Tests: N passed, N failed, N skipped`. */
  readonly line: string;
  /** Why they do not count as passed. */
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

/** Sums up the JSON reports of some test runs. A run that left no report, or had no test, has not passed. */
export function summarise(texts: readonly (string | undefined)[]): Summary {
  const reports = texts.map((text) => readReport(text));
  const complaints = reports.map((report) => complaintAbout(report));
  const found = reports.filter((report) => report !== undefined);
  const sum = (count: (report: Report) => number): number => found.reduce((total, report) => total + count(report), 0);
  const [passed, failed] = [sum((report) => report.numPassedTests), sum((report) => report.numFailedTests)];
  const skipped = sum(({ numPendingTests, numTodoTests }) => numPendingTests + numTodoTests);
  const line = `Tests: ${passed} passed, ${failed} failed, ${skipped} skipped`;
  const complaint = reports.length === 0 ? "There was no test run." : complaints.find((text) => text !== undefined);
  return complaint === undefined ? { line } : { line, complaint };
}

function complaintAbout(report: Report | undefined): string | undefined {
  if (report === undefined) return "A test run left no report.";
  if (report.numPassedTests + report.numFailedTests === 0) return "A test run had no test.";
  return report.numFailedTests > 0 || !report.success ? "A test run failed." : undefined;
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
