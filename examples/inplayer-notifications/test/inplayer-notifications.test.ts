import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

import { createMockNotifications } from "@hooklatch/mock-sender/inplayer-notifications";
import type { MockNotifications } from "@hooklatch/mock-sender/inplayer-notifications";
import { expect, it, onTestFinished, vi } from "vitest";

/** Starts the foyer, connected to a mock. Answers with what it prints. */
async function start(changes: NodeJS.ProcessEnv = {}) {
  const mock: MockNotifications = await createMockNotifications();
  const { accessToken, accountUuid, environment } = mock.credentials;
  const env = {
    ...process.env,
    INPLAYER_ACCESS_TOKEN: accessToken,
    INPLAYER_ACCOUNT_UUID: accountUuid,
    INPLAYER_CREDENTIALS_URL: environment.credentialsUrl,
    INPLAYER_BROKER_URL: environment.brokerUrl,
    ...changes,
  };
  const child: ChildProcess = spawn(process.execPath, [fileURLToPath(new URL("../src/main.ts", import.meta.url))], {
    env,
  });
  const exited = once(child, "exit");
  let printed = "";
  child.stdout?.on("data", (bytes: Buffer) => (printed += String(bytes)));
  child.stderr?.on("data", (bytes: Buffer) => (printed += String(bytes)));
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await exited;
    await mock.close();
  });
  const says = async (text: string): Promise<void> => {
    await vi.waitFor(() => expect(printed).toContain(text), { timeout: 10_000, interval: 10 });
  };
  return { mock, child, exited, says };
}

it("opens and shuts as InPlayer says, survives a cut, and ends in good order", async () => {
  const { mock, child, exited, says } = await start();
  await says("Listening to InPlayer.");
  await mock.publish("access.granted");
  await says("open: Opera at home: Carmen & friends");
  await mock.publish("payment.card.success", { resource: { amount: "5.00" } });
  await says("paid: 5.00 EUR");
  await mock.cut();
  await says("reconnecting ERR_CONNECTION_FAILED");
  await vi.waitUntil(async () => (await mock.publish("access.revoked")).connections === 1, { timeout: 10_000 });
  await says("shut: 18322");
  await mock.publish("account.logout");
  await says("everything shut: account.logout");
  child.kill("SIGTERM");
  expect(await exited).toEqual([0, null]);
});

it("ends with a clear line when the token is refused", async () => {
  const { mock, exited, says } = await start({ INPLAYER_ACCESS_TOKEN: "expired" });
  expect(await exited).toEqual([1, null]);
  await says("closed ERR_CREDENTIALS_REFUSED");
  expect(mock.credentialsAsked).toBe(1);
});

it("does not start without a token, and says which variable is missing", async () => {
  const { exited, says } = await start({ INPLAYER_ACCESS_TOKEN: "" });
  expect(await exited).toEqual([1, null]);
  await says("did you set INPLAYER_ACCESS_TOKEN?");
});
