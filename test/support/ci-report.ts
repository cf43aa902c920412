import { z } from "zod";

/** What test runs came to. */
export interface Summary {
  /** `Tests: N passed, N failed, N skipped`. */
  readonly line: string;
  /** The failed tests, each with its file, its name and the beginning of its error. */
  readonly failures: readonly string[];
  /** Why they do not count as passed. */
  readonly complaint?: string;
}

/** More failures, and longer errors, are in the log above. */
const maxFailures = 20;
const maxErrorLines = 12;

const count = z.int().nonnegative();
const testFileSchema = z.object({
  name: z.string(),
  /** Why the file did not run. */
  message: z.string().optional(),
  assertionResults: z.array(
    z.object({ status: z.string(), fullName: z.string(), failureMessages: z.array(z.string()).nullish() }),
  ),
});
/** The fields of Vitest's JSON report that are read here. */
const reportSchema = z.object({
  success: z.boolean(),
  numPassedTests: count,
  numFailedTests: count,
  numPendingTests: count,
  numTodoTests: count,
  // The counts decide, and hold where this list is not as expected.
  testResults: z.array(testFileSchema).default([]).catch([]),
});
type Report = z.infer<typeof reportSchema>;
type TestFile = z.infer<typeof testFileSchema>;

/** Sums up the JSON reports of some test runs. A run that left no report, or had no test, has not passed. */
export function summarise(texts: readonly (string | undefined)[]): Summary {
  const reports = texts.map((text) => readReport(text));
  const complaints = reports.map((report) => complaintAbout(report));
  const found = reports.filter((report) => report !== undefined);
  const sum = (part: (report: Report) => number): number => found.reduce((total, report) => total + part(report), 0);
  const [passed, failed] = [sum((report) => report.numPassedTests), sum((report) => report.numFailedTests)];
  const skipped = sum(({ numPendingTests, numTodoTests }) => numPendingTests + numTodoTests);
  const line = `Tests: ${passed} passed, ${failed} failed, ${skipped} skipped`;
  const failures = atMost(
    maxFailures,
    found.flatMap((report) => report.testResults.flatMap((file) => failuresOf(file))),
  );
  const complaint = reports.length === 0 ? "There was no test run." : complaints.find((text) => text !== undefined);
  return complaint === undefined ? { line, failures } : { line, failures, complaint };
}

function failuresOf({ name, message, assertionResults }: TestFile): string[] {
  const failed = assertionResults
    .filter(({ status }) => status === "failed")
    .map(({ fullName, failureMessages }) => failure(`${name} > ${fullName}`, (failureMessages ?? []).join("\n")));
  return message === undefined || message === "" ? failed : [...failed, failure(name, message)];
}

function failure(what: string, error: string): string {
  const lines = error.split("\n").filter((line) => !line.includes("/node_modules/"));
  return [`FAILED ${what}`, ...lines.slice(0, maxErrorLines).map((line) => `  ${line}`)].join("\n");
}

function atMost(max: number, texts: readonly string[]): readonly string[] {
  return texts.length <= max ? texts : [...texts.slice(0, max), `And ${texts.length - max} more.`];
}

function complaintAbout(report: Report | undefined): string | undefined {
  if (report === undefined) return "A test run left no report.";
  if (report.numPassedTests + report.numFailedTests === 0) return "A test run had no test.";
  return report.numFailedTests > 0 || !report.success ? "A test run failed." : undefined;
}

function readReport(text: string | undefined): Report | undefined {
  try {
    return reportSchema.safeParse(JSON.parse(text ?? "")).data;
  } catch {
    return undefined;
  }
}
