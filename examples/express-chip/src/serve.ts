import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { logOutcome } from "@hooklatch/core";
import type { OutcomeReport } from "@hooklatch/core";
import { createMockSender } from "@hooklatch/mock-sender";
import { chipMock } from "@hooklatch/mock-sender/chip";

import { listen } from "./listen.ts";
import { createShop } from "./shop.ts";

/** Keeps the shop listening, and prints the curl line of a correctly signed delivery. Ends on Ctrl-C. */
export async function serve(port: number): Promise<void> {
  const sender = createMockSender(chipMock());
  const { app, payments } = createShop({
    publicKey: sender.credentials.publicKey,
    ship: async () => {},
    onOutcome: printOutcome,
  });
  const { url, close } = await listen(app, port);
  const request = await sender.build("purchase.paid");
  const folder = await mkdtemp(join(tmpdir(), "hooklatch-demo-"));
  const file = join(folder, "purchase.paid.json");
  await writeFile(file, request.body);

  const headers = Object.entries(request.headers).map(([name, value]) => `-H '${name}: ${value}'`);
  console.log(`Listening on ${url}/webhooks/chip. End it with Ctrl-C.`);
  console.log("\nA correctly signed delivery; send it twice, then change a byte of the file and send it again:\n");
  console.log(`curl -i ${headers.join(" ")} --data-binary @${file} ${url}/webhooks/chip\n`);

  const stop = async (): Promise<void> => {
    await payments.close();
    await close();
    await rm(folder, { recursive: true });
  };
  process.once("SIGINT", () => void stop());
  process.once("SIGTERM", () => void stop());
}

function printOutcome(report: OutcomeReport): void {
  if (report.error !== undefined) logOutcome(report);
  else console.log(`${report.status} ${report.outcome} ${report.eventType ?? ""}`);
}
