/** Prints the one line that CI ends with, from the JSON report of the test run whose path is the first argument. */
import { existsSync, readFileSync } from "node:fs";

import { summarise } from "./ci-report.ts";

const [, , path = ""] = process.argv;
const { line, complaint } = summarise(existsSync(path) ? readFileSync(path, "utf8") : undefined);
if (complaint !== undefined) {
  console.log(complaint);
  process.exitCode = 1;
}
console.log(line);
