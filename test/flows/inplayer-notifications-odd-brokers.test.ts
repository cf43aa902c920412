import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import type { AddressInfo } from "node:net";

import { createVirtualClock } from "@hooklatch/mock-sender";
import { createMockNotifications } from "@hooklatch/mock-sender/inplayer-notifications";
import { describe, expect, onTestFinished, test, vi } from "vitest";

import { eventually, startNotifications } from "../support/notifications.ts";
import { answerWell, packets, startScriptedBroker } from "../support/scripted-broker.ts";
import type { BrokerScript, ScriptedBroker } from "../support/scripted-broker.ts";
import { failOnUnhandled } from "../support/unhandled.ts";

failOnUnhandled();

/** A connection with good credentials to a broker that follows a script. */
async function startWith(script: BrokerScript, clock = createVirtualClock()) {
  const mock = await createMockNotifications({ clock });
  onTestFinished(() => mock.close());
  const broker: ScriptedBroker = await startScriptedBroker(script);
  const { credentialsUrl } = mock.credentials.environment;
  const environment = { credentialsUrl, brokerUrl: broker.url };
  return { ...(await startNotifications({ connection: { ...mock.credentials, environment, clock } })), broker, clock };
}

describe("a broker", () => {
  test("that refuses the connection is said to, and not to speak no MQTT", async () => {
    const { changes } = await startWith(() => Buffer.from([0x20, 2, 0, 5]));
    await vi.waitUntil(() => changes.length > 0, eventually);
    expect(changes[0]).toMatchObject({ state: "connecting", reason: { code: "ERR_CONNECTION_FAILED" } });
    expect(changes[0]?.reason?.message).toContain("it refused the connection (5)");
  });

  test.each([
    ["takes the connection and never says so", (): undefined => undefined],
    [
      "never answers a subscription",
      (packet: Buffer) => (packet[0] === packets.subscribe ? undefined : answerWell(packet)),
    ],
  ])("that %s is given up, and tried again", { timeout: 20_000 }, async (_what, script) => {
    const { broker, changes, clock } = await startWith(script);
    await vi.waitUntil(() => changes.length > 0, eventually);
    expect(changes[0]).toMatchObject({ state: "connecting", reason: { code: "ERR_CONNECTION_FAILED" } });
    expect(changes[0]?.reason?.message).toContain("it did not answer in time");
    await vi.waitUntil(() => broker.open === 0, eventually);
    await clock.advance(1_000);
    await vi.waitUntil(() => broker.open === 1, eventually);
  });
});

test("connections that are lost as soon as they are made are made at growing distances", async () => {
  let made = 0;
  const { changes, clock } = await startWith((packet, count, cut) => {
    made = count;
    if (packet[0] === packets.subscribe) cut();
    return answerWell(packet);
  });
  for (let round = 1; round <= 6; round++) {
    if (round > 1) await clock.advance(60_000);
    await vi.waitUntil(() => changes.length === 2 * round, eventually);
    expect(changes.slice(-2).map(({ state }) => state)).toEqual(["connected", "reconnecting"]);
  }
  // The seventh comes after 8 seconds at least.
  await clock.advance(2_000);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(made).toBe(6);
});

test("a message that is under way while its connection is replaced, or closed, is handled", async () => {
  const { changes, clock, connection, outcomes } = await startWith((packet, count) => {
    const answer = answerWell(packet);
    if (packet[0] !== packets.unsubscribe || answer === undefined) return answer;
    const message = Buffer.from(`\0\u0001t{"type":"account.logout","timestamp":${count}}`);
    return Buffer.from([0x30, message.length, ...message, ...answer]);
  });
  await connection.ready;
  await clock.advance(25 * 60_000);
  await vi.waitUntil(() => changes.length === 2, eventually);
  expect(await outcomes(1)).toEqual(["handled"]);
  await connection.close();
  expect(await outcomes(2)).toEqual(["handled", "handled"]);
});

test("close() waits for the connection, too, that was just replaced", async () => {
  const { broker, changes, clock, connection } = await startWith((packet, count) =>
    count === 1 && packet[0] === packets.unsubscribe ? undefined : answerWell(packet),
  );
  await connection.ready;
  await clock.advance(25 * 60_000);
  await vi.waitUntil(() => changes.length === 2, eventually);
  expect(broker.open).toBe(2);
  await connection.close();
  await vi.waitUntil(() => broker.open === 0, { timeout: 500, interval: 5 });
});

test("a host that is none, in the credentials, is a fault that may pass, and no end", async () => {
  const lent = { accessKey: "ASIAX", secretKey: "s", sessionToken: "t", region: "eu-west-1", iotEndpoint: "1.2.3.999" };
  const desk = createServer((_request, response) => response.end(JSON.stringify(lent)));
  await once(desk.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => void desk.close());
  // What a TCP server that listens has.
  const credentialsUrl = `http://127.0.0.1:${(desk.address() as AddressInfo).port}/iot/keys`;
  const { changes } = await startNotifications({ connection: { environment: { credentialsUrl } } });
  await vi.waitUntil(() => changes.length > 0, eventually);
  expect(changes[0]).toMatchObject({ state: "connecting", reason: { code: "ERR_KEY_SOURCE_UNAVAILABLE" } });
});

test("the mock survives a client that resets the connection while it is refused", async () => {
  const mock = await createMockNotifications();
  onTestFinished(() => mock.close());
  const { host, hostname, port } = new URL(mock.credentials.environment.brokerUrl);
  for (let count = 1; count <= 20; count++) {
    const socket = connect(Number(port), hostname).on("error", () => {});
    await once(socket, "connect");
    socket.write(`GET /mqtt HTTP/1.1\r\nhost: ${host}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n`);
    await new Promise((resolve) => setImmediate(resolve));
    socket.resetAndDestroy();
    await vi.waitUntil(() => mock.refusals.length === count, eventually);
  }
  expect(mock.connections).toBe(0);
});
