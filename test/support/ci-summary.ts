/** Prints the failed tests, and the one line that CI ends with, from the JSON reports of the test runs whose paths are the arguments. */
import { existsSync, readFileSync } from "node:fs";

import { summarise } from "./ci-report.ts";

const paths = process.argv.slice(2);
const reports = paths.map((path) => (existsSync(path) ? readFileSync(path, "utf8") : undefined));
const { line, failures, complaint } = summarise(reports);
for (const failure of failures) console.log(failure);
if (complaint !== undefined) {
  console.log(complaint);
  process.exitCode = 1;
}
console.log(line);
