import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { promisify } from "node:util";
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

import { createMockSender } from "@hooklatch/mock-sender";
import { chipMock } from "@hooklatch/mock-sender/chip";
import { afterEach, describe, expect, it } from "vitest";

const run = promisify(execFile);
const started: ChildProcess[] = [];

afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const gone = once(child, "exit");
    child.kill("SIGTERM");
    await gone;
  }
});

const fileOf = (name: string): string => fileURLToPath(new URL(`../src/${name}`, import.meta.url));

/** Starts a script and waits until it has printed what `ready` matches. */
async function start(
  name: string,
  args: readonly string[],
  ready: RegExp,
  env: NodeJS.ProcessEnv = {},
): Promise<string> {
  const child = spawn(process.execPath, [fileOf(name), ...args], { env: { ...process.env, ...env } });
  started.push(child);
  let printed = "";
  child.stderr.on("data", (bytes: Buffer) => (printed += String(bytes)));
  for await (const bytes of child.stdout) {
    printed += String(bytes);
    if (ready.test(printed)) return printed;
  }
  throw new Error(`${name} ended without being ready:\n${printed}`);
}

describe("the demo", () => {
  it("shows a row for every scene in plain text, with nothing unexpected, and ends with 0", async () => {
    const { stdout, stderr } = await run(process.execPath, [fileOf("demo.ts")]);
    expect(stderr).toBe("");
    expect(stdout.split("\n").filter((line) => line.startsWith("✓")).length).toBeGreaterThanOrEqual(20);
    expect(stdout).not.toContain("✗");
    expect(stdout).not.toContain("\u001b");
    expect(stdout).toMatch(/10 copies at once +(200, 9×503|9×503, 200)/);
    expect(stdout).toContain("Each was shipped once:");
    expect(stdout).toMatch(/notification payment\.card\.success +over MQTT, no HTTP; twice .+ handled, duplicate\n/);
  });

  it("keeps listening with --serve and prints a curl line that is handled once and then known as a duplicate", async () => {
    const printed = await start("demo.ts", ["--serve", "--port", "0"], /\n(curl .+)\n/);
    const line = /\n(curl .+)\n/.exec(printed)?.[1] ?? "";
    expect((await run("sh", ["-c", `${line} -s`])).stdout).toMatch(/^HTTP\/1.1 200 [^]+\{"outcome":"handled"\}$/);
    expect((await run("sh", ["-c", `${line} -s`])).stdout).toMatch(/^HTTP\/1.1 200 [^]+\{"outcome":"duplicate"\}$/);
  });
});

describe("the shop as a server of its own", () => {
  it("takes its key from the environment and handles what that key signed", async () => {
    const sender = createMockSender(chipMock());
    const env = { CHIP_PUBLIC_KEY: sender.credentials.publicKey, PORT: "0" };
    const printed = await start("server.ts", [], /on (http:\S+)\n/, env);
    const url = /on (http:\S+)\n/.exec(printed)?.[1] ?? "";
    expect(await sender.send(url, "purchase.paid")).toMatchObject({ status: 200, outcome: "handled" });
    expect(await sender.send(url, "purchase.paid", { fault: "wrongKey" })).toMatchObject({ status: 401 });
    expect(await (await fetch(new URL("/health", url))).json()).toEqual({ ok: true });
  });

  it("does not start without the key, and says which variable is missing", async () => {
    await expect(start("server.ts", [], /Listening/, { CHIP_PUBLIC_KEY: "" })).rejects.toThrow(/CHIP_PUBLIC_KEY/);
  });
});
