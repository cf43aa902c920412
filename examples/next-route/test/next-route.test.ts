import { execFile, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { createMockSender } from "@hooklatch/mock-sender";
import { chipMock } from "@hooklatch/mock-sender/chip";
import { afterEach, beforeAll, expect, it } from "vitest";

const folder = fileURLToPath(new URL("..", import.meta.url));
const next = fileURLToPath(new URL("../node_modules/next/dist/bin/next", import.meta.url));
const { CHIP_PUBLIC_KEY: _, ...others } = process.env;
const env: NodeJS.ProcessEnv = { ...others, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" };
const started: ChildProcess[] = [];

// Without the key: what is built must not need it. Next checks the types as well.
beforeAll(async () => {
  await promisify(execFile)(process.execPath, [next, "build"], { cwd: folder, env });
}, 180_000);

afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }
});

/** Starts what was built on a free port. Answers with its URLs, and with what it has printed so far. */
async function start(variables: NodeJS.ProcessEnv) {
  const args = [next, "start", "-p", "0", "-H", "127.0.0.1"];
  const child = spawn(process.execPath, args, { cwd: folder, env: { ...env, ...variables } });
  started.push(child);
  let printed = "";
  const origin = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (bytes: Buffer) => {
        printed += String(bytes);
        const found = /Local: +(http:\S+)\n[^]*Ready/.exec(printed)?.[1];
        if (found !== undefined) resolve(found);
      });
    }
    child.once("close", () => reject(new Error(`The shop ended without listening:\n${printed}`)));
  });
  const log = async (text: string): Promise<void> => {
    while (!printed.includes(text)) await once(child.stderr, "data");
  };
  return { webhooks: `${origin}/webhooks/chip`, shipped: `${origin}/shipped`, home: origin, log };
}

it("handles what its key signed, once, over all its requests", async () => {
  const sender = createMockSender(chipMock());
  const { webhooks, shipped } = await start({ CHIP_PUBLIC_KEY: sender.credentials.publicKey });

  const [first, second] = await sender.duplicate(webhooks, "purchase.paid", { payload: { reference: "order-7" } });
  expect(first).toMatchObject({ status: 200, outcome: "handled" });
  expect(second).toMatchObject({ status: 200, outcome: "duplicate" });

  const other = await sender.send(webhooks, "purchase.paid", { payload: { reference: "order-8" } });
  expect(other).toMatchObject({ status: 200, outcome: "handled" });
  expect(await (await fetch(shipped)).json()).toEqual(["order-7", "order-8"]);
});

it("refuses what its key did not sign, as it was sent", async () => {
  const sender = createMockSender(chipMock());
  const { webhooks, shipped } = await start({ CHIP_PUBLIC_KEY: sender.credentials.publicKey });

  const forged = await sender.send(webhooks, "purchase.paid", { fault: "wrongKey" });
  expect(forged).toMatchObject({ status: 401, code: "ERR_SIGNATURE_MISMATCH" });
  const tampered = await sender.send(webhooks, "purchase.paid", { fault: "tampered" });
  expect(tampered).toMatchObject({ status: 401, code: "ERR_SIGNATURE_MISMATCH" });
  const unsigned = await sender.send(webhooks, "purchase.paid", { fault: "unsigned" });
  expect(unsigned).toMatchObject({ status: 401, code: "ERR_SIGNATURE_MISSING" });
  expect(await (await fetch(shipped)).json()).toEqual([]);
});

it("serves its own routes beside them, and has no page for webhooks", async () => {
  const sender = createMockSender(chipMock());
  const { webhooks, home } = await start({ CHIP_PUBLIC_KEY: sender.credentials.publicKey });

  expect(await (await fetch(home)).text()).toContain("The shop is open.");
  expect((await fetch(webhooks)).status).toBe(405);
});

it("without its key asks for every delivery again, and logs which variable is missing", async () => {
  const sender = createMockSender(chipMock());
  const { webhooks, home, log } = await start({});

  expect(await sender.send(webhooks, "purchase.paid")).toMatchObject({ status: 503, outcome: "unavailable" });
  await log("CHIP_PUBLIC_KEY is not set.");
  expect((await fetch(home)).status).toBe(200);
});
