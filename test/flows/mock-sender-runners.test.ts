import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

import { describe, expect, it } from "vitest";

const runners = fileURLToPath(new URL("../support/runners/", import.meta.url));
const require = createRequire(import.meta.url);
const jest = require.resolve("jest/bin/jest");

/** Well over what a runner needs to start on a busy machine. A runner that a leaked handle keeps alive runs into it. */
const timeoutMs = 55_000;

async function run(args: readonly string[], expectedOutcome: string): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, args, {
    cwd: runners,
    timeout: timeoutMs,
    env: { ...process.env, EXPECTED_OUTCOME: expectedOutcome, FORCE_COLOR: "0" },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject).once("close", resolve);
  });
  return { code, output };
}

describe.each([
  ["node:test", ["--test", "--test-reporter=tap", "node-test/payments.ts"]],
  ["jest", ["--experimental-vm-modules", jest, "--config", "jest/jest.config.json"]],
])("under %s", (_name, args) => {
  it(
    "a test that uses a mock sender passes, and the process ends by itself",
    async () => {
      const { code, output } = await run(args, "handled");
      expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining("an event is handled once") });
    },
    timeoutMs + 5_000,
  );

  it(
    "the same test fails when it expects another outcome",
    async () => {
      const { code, output } = await run(args, "duplicate");
      expect(output).toMatch(/an event is handled once[^]*duplicate/);
      expect(code).toBe(1);
    },
    timeoutMs + 5_000,
  );
});
