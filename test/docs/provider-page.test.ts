import { createHmac, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { createReceiver, toIncomingDelivery } from "@hooklatch/core";
import type { Provider } from "@hooklatch/core";
import { expect, onTestFinished, test, vi } from "vitest";

import { readTree, root } from "../house/tree.ts";
import { readCodeBlocks } from "./code-blocks.ts";

const whole = readCodeBlocks(readTree()).find(
  ({ path, language }) => path === "docs/write-your-own/provider.md" && language === "ts",
);
const code = whole?.text ?? "";

/** Runs the page's first block as it stands. */
async function loadParcel(): Promise<Provider> {
  // Under the root, so that the names of our packages resolve.
  mkdirSync(join(root, ".tmp"), { recursive: true });
  const folder = mkdtempSync(join(root, ".tmp/provider-page-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "parcel.ts");
  writeFileSync(file, code);
  const { parcel } = (await import(pathToFileURL(file).href)) as {
    // The test of the code in the docs compiles the block; here it is only run.
    readonly parcel: Provider;
  };
  return parcel;
}

test("the page starts with a whole provider of under 40 lines, from public entry points alone", () => {
  expect(code.split("\n").length).toBeLessThan(40);
  expect([...code.matchAll(/from "([^"]+)"/g)].map(([, name]) => name)).toEqual([
    "@hooklatch/core",
    "@hooklatch/core/schemes",
  ]);
});

test("that provider handles a delivery signed by hand and refuses a changed one", async () => {
  const secret = randomBytes(16).toString("hex");
  vi.stubEnv("PARCEL_SECRET", secret);
  const receiver = createReceiver({ provider: await loadParcel(), onOutcome: () => {} });
  const handled: unknown[] = [];
  receiver.on("parcel.sent", (event) => handled.push(event));

  const body = '{"id":"evt_7","event":"parcel.sent","at":1767225600,"data":{"tracking":"P-7"}}';
  const seconds = String(Math.floor(Date.now() / 1000));
  const headers = {
    "content-type": "application/json",
    "x-parcel-timestamp": seconds,
    "x-parcel-signature": `sha256=${createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex")}`,
  };
  const send = async (text: string, changed = headers) =>
    receiver.receive(toIncomingDelivery({ headers: changed, body: Buffer.from(text) }));

  expect((await send(body.replace("P-7", "P-8"))).error?.code).toBe("ERR_SIGNATURE_MISMATCH");
  const later = { ...headers, "x-parcel-timestamp": String(Number(seconds) + 1) };
  expect((await send(body, later)).error?.code).toBe("ERR_SIGNATURE_MISMATCH");
  expect(handled).toEqual([]);

  expect((await send(body)).outcome).toBe("handled");
  expect(handled).toMatchObject([
    { id: "evt_7", type: "parcel.sent", payload: { tracking: "P-7" }, occurredAt: "2026-01-01T00:00:00.000Z" },
  ]);
  expect((await send(body)).outcome).toBe("duplicate");
});
