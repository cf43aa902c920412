import { fork } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";

import { outcomeChannelName } from "@hooklatch/core";
import { logLost, logState } from "@hooklatch/inplayer-notifications";
import { createMockNotifications } from "@hooklatch/mock-sender/inplayer-notifications";
import { expect, onTestFinished, test, vi } from "vitest";

import { eventually, startNotifications } from "../support/notifications.ts";
import { failOnUnhandled } from "../support/unhandled.ts";

failOnUnhandled();

/** A desk that lends what it is told to, or answers with what it is told to. */
async function startDesk(answer: string, status = 200): Promise<string> {
  const server = createServer((_request, response) => response.writeHead(status).end(answer));
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => void server.close());
  // What a TCP server that listens has.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/iot/keys`;
}

/** Everything that is said from now on, by way of the console, the hooks and the channel. */
function listen() {
  const said: unknown[] = [];
  for (const method of ["log", "warn", "error"] as const) {
    vi.spyOn(console, method).mockImplementation((...words) => void said.push(words));
  }
  const note = (message: unknown): void => void said.push(message);
  subscribe(outcomeChannelName, note);
  onTestFinished(() => void unsubscribe(outcomeChannelName, note));
  return { said, text: () => inspect(said, { depth: 20, maxStringLength: null, showHidden: true }) };
}

const lent = {
  accessKey: "ASIASECRETLY",
  secretKey: "secret-key-9f2",
  sessionToken: "session-token-7c1",
  region: "eu-west-1",
};
const secrets = /access-token-4b8|ASIASECRETLY|secret-key-9f2|session-token-7c1|X-Amz-|Bearer/;
const accessToken = "access-token-4b8";

test.each([
  ["refuses the signature", JSON.stringify(lent), 200, "ERR_CONNECTION_FAILED"],
  ["refuses the token", `{"message":"no such token ${accessToken}"}`, 401, "ERR_CREDENTIALS_REFUSED"],
  ["answers with half of it", JSON.stringify({ ...lent, sessionToken: 7 }), 200, "ERR_KEY_SOURCE_UNAVAILABLE"],
  ["names an odd host", JSON.stringify({ ...lent, iotEndpoint: `a/?${accessToken}` }), 200, "ERR_CONNECTION_FAILED"],
  ["answers with no JSON", `<${accessToken}>`, 200, "ERR_KEY_SOURCE_UNAVAILABLE"],
  ["echoes the token in an error", accessToken, 404, "ERR_KEY_SOURCE_UNAVAILABLE"],
  ["redirects", accessToken, 302, "ERR_KEY_SOURCE_UNAVAILABLE"],
])("an InPlayer that %s puts no secret into a log, an error or a diagnostic", async (_what, answer, status, code) => {
  const { said, text } = listen();
  const credentialsUrl = await startDesk(answer, status);
  const mock = await createMockNotifications();
  onTestFinished(() => mock.close());
  const { brokerUrl } = mock.credentials.environment;
  const environment = { credentialsUrl, brokerUrl };
  const { connection } = await startNotifications({
    connection: {
      accessToken,
      environment,
      onState: (change) => {
        said.push(change);
        logState(change);
      },
      onLost: logLost,
    },
  });
  said.push(connection);
  await vi.waitUntil(() => said.length > 2, eventually);
  await connection.close();
  await connection.ready.catch((error: unknown) => said.push(error));
  expect(text()).toContain(code);
  expect(text()).not.toMatch(secrets);
});

test("a function for the token that fails may speak of it in its cause, and the log line does not", async () => {
  const { said, text } = listen();
  const { connection } = await startNotifications({
    connection: { accessToken: () => Promise.reject(new Error(`cannot renew ${accessToken}`)), onState: logState },
  });
  await vi.waitUntil(() => said.length > 0, eventually);
  await connection.close();
  expect(text()).toContain("ERR_KEY_SOURCE_UNAVAILABLE");
  expect(text()).not.toMatch(secrets);
});

test("libraries that are told to log everything log neither the token nor the signed address", async () => {
  const mock = await createMockNotifications();
  const path = new URL("../support/notifications-child.ts", import.meta.url).pathname;
  const child = fork(path, [JSON.stringify(mock.credentials), "0", "0"], {
    execArgv: ["--expose-gc"],
    env: { ...process.env, DEBUG: "*" },
    silent: true,
  });
  onTestFinished(async () => {
    child.kill();
    await mock.close();
  });
  let printed = "";
  child.stdout?.on("data", (bytes: Buffer) => (printed += String(bytes)));
  child.stderr?.on("data", (bytes: Buffer) => (printed += String(bytes)));
  await once(child, "message");
  await mock.publish("account.logout");
  await mock.cut();
  await vi.waitUntil(() => mock.connections === 1, eventually);
  const ours = printed.split("\n").filter((line) => line.includes("mqttjs"));
  expect(ours.length).toBeGreaterThan(10);
  expect(ours.join("\n")).not.toMatch(/X-Amz-|Bearer|ASIA/);
  expect(printed).not.toContain(mock.credentials.accessToken);
});
