import { BackendError, ConfigError } from "@hooklatch/core/errors";
import { createVirtualClock } from "@hooklatch/mock-sender";
import { describe, expect, test, vi } from "vitest";

import { eventually, startNotifications } from "../support/notifications.ts";
import { failOnUnhandled } from "../support/unhandled.ts";

failOnUnhandled();

const minuteMs = 60_000;

describe("a connection that is cut", () => {
  test("is made again with fresh credentials, and later messages arrive", async () => {
    const { mock, connection, changes, reached, outcomes } = await startNotifications();
    await connection.ready;
    for (const round of [1, 2, 3]) {
      await mock.cut();
      await vi.waitUntil(() => changes.length === 2 * round, eventually);
      await reached("connected");
      expect((await mock.publish("payment.card.success")).connections).toBe(1);
      await outcomes(round);
    }
    expect(mock.credentialsAsked).toBe(4);
    expect(await outcomes(3)).toEqual(["handled", "handled", "handled"]);
    expect(changes.map(({ state, reason }) => `${state} ${reason?.code}`)).toEqual([
      "connected undefined",
      ...Array.from({ length: 3 }, () => ["reconnecting ERR_CONNECTION_FAILED", "connected undefined"]).flat(),
    ]);
    for (const { reason } of changes) expect(reason?.message ?? "was lost").toContain("was lost");
  });

  test("by bytes that are no MQTT is made again", async () => {
    const { mock, connection, changes, outcomes } = await startNotifications();
    await connection.ready;
    mock.sendGarbage();
    await vi.waitUntil(() => changes.length === 3, eventually);
    expect(changes[1]?.reason?.message).toContain("not MQTT");
    await mock.publish("account.logout");
    expect(await outcomes(1)).toEqual(["handled"]);
  });

  test("while handlers run still gets their outcomes", async () => {
    const gate = Promise.withResolvers<void>();
    const started = Promise.withResolvers<void>();
    const { mock, connection, reached, outcomes } = await startNotifications({}, (receiver) => {
      receiver.on("*", async () => {
        started.resolve();
        await gate.promise;
      });
    });
    await connection.ready;
    await mock.publish("account.logout");
    await started.promise;
    await mock.cut();
    await reached("reconnecting");
    gate.resolve();
    expect(await outcomes(1)).toEqual(["handled"]);
  });
});

describe("credentials", () => {
  test("are refreshed before they expire, and no message is lost or handled twice meanwhile", async () => {
    const clock = createVirtualClock();
    let runs = 0;
    const { mock, connection, reports, changes } = await startNotifications(
      { mock: { clock }, connection: { clock } },
      (receiver) => void receiver.on("*", () => void runs++),
    );
    await connection.ready;
    let sent = 0;
    for (let minute = 0; minute < 60; minute++) {
      expect((await mock.publish("payment.card.success")).connections).toBeGreaterThan(0);
      sent++;
      await clock.advance(minuteMs);
      await vi.waitUntil(() => runs === sent, eventually);
    }
    expect(mock.credentialsAsked).toBe(3);
    expect(new Set(reports.map(({ outcome }) => outcome)).has("failed")).toBe(false);
    expect(changes.map(({ state }) => state)).toEqual(["connected", "connected", "connected"]);
    await vi.waitUntil(() => mock.connections === 1, eventually);
  });

  test("that expired at the broker are replaced by the next connection", async () => {
    const { mock, connection, reached, outcomes } = await startNotifications();
    await connection.ready;
    await mock.expireCredentials();
    await reached("reconnecting");
    await reached("connected");
    await mock.publish("account.logout");
    expect(await outcomes(1)).toEqual(["handled"]);
    expect(mock.refusals).toEqual([]);
  });

  test("that cannot be renewed leave the old connection as it is, and the app is told", async () => {
    const clock = createVirtualClock();
    const { mock, connection, changes, outcomes } = await startNotifications({
      mock: { clock },
      connection: { clock },
    });
    await connection.ready;
    mock.failCredentials(3);
    await clock.advance(25 * minuteMs);
    await vi.waitUntil(() => changes.length === 2, eventually);
    expect(changes[1]).toMatchObject({ state: "connected", reason: { code: "ERR_KEY_SOURCE_UNAVAILABLE" } });
    await mock.publish("account.logout");
    expect(await outcomes(1)).toEqual(["handled"]);
    await clock.advance(1_000);
    await vi.waitUntil(() => changes.length === 3, eventually);
    expect(changes[2]).toEqual({ state: "connected" });
  });

  test("are asked for again when the desk fails in passing", async () => {
    const { mock, connection, changes } = await startNotifications({}, () => {});
    mock.failCredentials(2);
    await connection.ready;
    expect(changes).toEqual([{ state: "connected" }]);
    expect(mock.credentialsAsked).toBe(3);
  });

  test("that are not to be had are asked for at growing distances, and the app is told why", async () => {
    const clock = createVirtualClock();
    const { mock, changes, connection } = await startNotifications({ mock: { clock }, connection: { clock } });
    mock.failCredentials(1_000, 404);
    await vi.waitUntil(() => changes.length === 1, eventually);
    expect(changes[0]).toMatchObject({ state: "connecting", reason: { code: "ERR_KEY_SOURCE_UNAVAILABLE" } });
    expect(changes[0]?.reason?.message).toContain("404");
    await clock.advance(200);
    expect(mock.credentialsAsked).toBe(1);
    for (let count = 2; count <= 12; count++) {
      await clock.advance(minuteMs);
      await vi.waitUntil(() => changes.length === count, eventually);
    }
    expect(mock.credentialsAsked).toBe(12);
    expect(connection.state).toBe("connecting");
  });
});

describe("a token that is refused", () => {
  test("ends the connection with a clear error, after one request", async () => {
    const { mock, connection, changes } = await startNotifications({ connection: { accessToken: "stolen" } });
    const error: unknown = await connection.ready.catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ code: "ERR_CREDENTIALS_REFUSED", message: expect.stringContaining("401") });
    await connection.close();
    expect(changes).toEqual([{ state: "closed", reason: error }]);
    expect(mock.credentialsAsked).toBe(1);
  });

  test("while reconnecting ends it too, and no request follows", async () => {
    const { mock, connection, changes, reached } = await startNotifications();
    await connection.ready;
    mock.revokeToken();
    await mock.cut();
    await reached("closed");
    await connection.close();
    expect(changes.map(({ state, reason }) => `${state} ${reason?.code}`)).toEqual([
      "connected undefined",
      "reconnecting ERR_CONNECTION_FAILED",
      "closed ERR_CREDENTIALS_REFUSED",
    ]);
    expect(mock.credentialsAsked).toBe(2);
  });

  test("is asked for anew each time, where it is a function", async () => {
    const tokens: string[] = [];
    const accessToken = async (): Promise<string> => {
      const { mock } = await starting;
      tokens.push(mock.credentials.accessToken);
      return mock.credentials.accessToken;
    };
    const starting = startNotifications({ connection: { accessToken } });
    const { mock, connection, reached } = await starting;
    await connection.ready;
    await mock.cut();
    await reached("reconnecting");
    await reached("connected");
    expect(tokens).toHaveLength(2);
  });

  test.each([
    ["answers with nothing", () => "", "ERR_KEY_SOURCE_EMPTY"],
    ["answers with a line break", () => "a\nb", "ERR_KEY_SOURCE_EMPTY"],
    ["rejects", () => Promise.reject(new Error("no session")), "ERR_KEY_SOURCE_UNAVAILABLE"],
  ])("is none where the function %s, and the app is told", async (_what, accessToken, code) => {
    const { mock, changes } = await startNotifications({ connection: { accessToken } });
    await vi.waitUntil(() => changes.length > 0, eventually);
    expect(changes[0]).toMatchObject({ state: "connecting", reason: { code } });
    expect(mock.credentialsAsked).toBe(0);
  });
});

describe("a broker", () => {
  test("that refuses the signature is tried again with others, and the app is told of its clock", async () => {
    const { mock, connection, changes } = await startNotifications({});
    mock.refuseSignatures(2);
    await connection.ready;
    expect(mock.refusals).toHaveLength(2);
    expect(mock.credentialsAsked).toBe(3);
    expect(changes.map(({ state }) => state)).toEqual(["connecting", "connecting", "connected"]);
    expect(changes[0]?.reason).toBeInstanceOf(BackendError);
    expect(changes[0]?.reason?.message).toContain("403");
    expect(changes[0]?.reason?.help).toContain("clock");
  });

  test.each([
    ["an hour behind", -60],
    ["an hour ahead", 60],
  ])("refuses a connection whose clock is %s", async (_what, minutes) => {
    const clock = createVirtualClock(Date.now() + minutes * minuteMs);
    const { mock, changes } = await startNotifications({ connection: { clock } });
    await vi.waitUntil(() => changes.length > 0, eventually);
    expect(changes[0]?.reason?.message).toContain("refused the signature");
    expect(mock.refusals).toEqual([minutes < 0 ? "expired" : "a date to come"]);
  });

  test("refuses another account's topic", async () => {
    const { changes } = await startNotifications({ connection: { accountUuid: "somebody-else" } });
    await vi.waitUntil(() => changes.length > 0, eventually);
    expect(changes[0]).toMatchObject({ state: "connecting", reason: { code: "ERR_CONNECTION_FAILED" } });
    expect(changes[0]?.reason?.message).toContain("refused the topic");
  });

  test("that is away is tried again", async () => {
    const { mock, connection, changes } = await startNotifications();
    await connection.ready;
    await mock.close();
    await vi.waitUntil(() => changes.length === 3, eventually);
    expect(changes[2]).toMatchObject({ state: "reconnecting", reason: { code: "ERR_KEY_SOURCE_UNAVAILABLE" } });
    expect(changes[2]?.reason?.message).toContain("ECONNREFUSED");
  });
});
