// Runs in the process of every test file: none may have been started on another Node than was asked for.
const expected = process.env["EXPECTED_NODE"];
if (process.versions.node !== expected) {
  throw new Error(`Node ${expected} was asked for, but this is ${process.versions.node}.`);
}
