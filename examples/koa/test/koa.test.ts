import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

import { createMockSender } from "@hooklatch/mock-sender";
import { chipMock } from "@hooklatch/mock-sender/chip";
import { afterEach, expect, it } from "vitest";

const started: ChildProcess[] = [];

afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }
});

/** Starts the shop on a free port. Answers with its process and its URL once it listens. */
async function start(publicKey: string): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const file = fileURLToPath(new URL("../src/server.ts", import.meta.url));
  const child = spawn(process.execPath, [file], { env: { ...process.env, CHIP_PUBLIC_KEY: publicKey, PORT: "0" } });
  started.push(child);
  let printed = "";
  child.stderr.on("data", (bytes: Buffer) => (printed += String(bytes)));
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on("data", (bytes: Buffer) => {
      printed += String(bytes);
      const found = /on (http:\S+)\n/.exec(printed)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once("close", () => reject(new Error(`The shop ended without listening:\n${printed}`)));
  });
  return { child, url };
}

it("handles what its key signed, once, beside its own routes", async () => {
  const sender = createMockSender(chipMock());
  const { url } = await start(sender.credentials.publicKey);
  const event = { payload: { reference: "order-7" } };

  const [first, second] = await sender.duplicate(url, "purchase.paid", event);
  expect(first).toMatchObject({ status: 200, outcome: "handled" });
  expect(second).toMatchObject({ status: 200, outcome: "duplicate" });
  expect(await sender.send(url, "purchase.paid", { fault: "wrongKey" })).toMatchObject({ status: 401 });
  expect(await sender.send(url, "purchase.paid", { fault: "tampered" })).toMatchObject({ status: 401 });
  expect(await (await fetch(new URL("/shipped", url))).json()).toEqual(["order-7"]);
  expect((await fetch(url)).status).toBe(404);
});

it("ends in good order when it is told to", async () => {
  const { child } = await start(createMockSender(chipMock()).credentials.publicKey);
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  expect(await gone).toEqual([0, null]);
});

it("does not start without the key, and says which variable is missing", async () => {
  await expect(start("")).rejects.toThrow(/CHIP_PUBLIC_KEY/);
});
