import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";

import { createMockNotifications } from "@hooklatch/mock-sender/inplayer-notifications";
import { describe, expect, onTestFinished, test, vi } from "vitest";

import { eventually, startNotifications } from "../support/notifications.ts";
import { failOnUnhandled } from "../support/unhandled.ts";

failOnUnhandled();

describe("close()", () => {
  /** A server that takes connections and says nothing. */
  async function startSilence(): Promise<string> {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => void sockets.add(socket));
    await once(server.listen(0, "127.0.0.1"), "listening");
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    // What a TCP server that listens has.
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  test.each(["the desk", "the broker"])("does not wait for %s that says nothing", async (who) => {
    const host = await startSilence();
    const mock = await createMockNotifications();
    onTestFinished(() => mock.close());
    const { environment } = mock.credentials;
    const silent =
      who === "the desk" ? { credentialsUrl: `http://${host}/iot/keys` } : { brokerUrl: `ws://${host}/mqtt` };
    const { connection, changes } = await startNotifications({
      connection: { ...mock.credentials, environment: { ...environment, ...silent } },
    });
    if (who === "the broker") await vi.waitUntil(() => mock.credentialsAsked === 1, eventually);
    const startedAtMs = performance.now();
    await connection.close();
    expect(performance.now() - startedAtMs).toBeLessThan(3_000);
    expect(changes).toEqual([{ state: "closed" }]);
  });

  test("does not wait for a function accessToken that never answers", async () => {
    const asked = Promise.withResolvers<void>();
    const accessToken = (): Promise<string> => {
      asked.resolve();
      return new Promise(() => {});
    };
    const { connection, changes } = await startNotifications({ connection: { accessToken } });
    await asked.promise;
    await connection.close();
    expect(changes).toEqual([{ state: "closed" }]);
  });

  test("while it waits to try again ends the waiting", async () => {
    const { mock, connection, reached } = await startNotifications();
    await connection.ready;
    mock.failCredentials(1_000);
    await mock.cut();
    await reached("reconnecting");
    await connection.close();
    expect(connection.state).toBe("closed");
  });

  test("called again waits for the same end", async () => {
    const { connection, changes } = await startNotifications();
    await connection.ready;
    await Promise.all([connection.close(), connection.close()]);
    await connection.close();
    expect(changes.map(({ state }) => state)).toEqual(["connected", "closed"]);
  });

  test("lets what has come end, and takes no more", async () => {
    const gate = Promise.withResolvers<void>();
    const started = Promise.withResolvers<void>();
    const bench = await startNotifications({ connection: { maxConcurrent: 1 } }, (receiver) => {
      receiver.on("*", async () => {
        started.resolve();
        await gate.promise;
      });
    });
    await bench.connection.ready;
    await bench.mock.publish("payment.card.success");
    await bench.mock.publish("access.granted");
    await started.promise;
    let isClosed = false;
    const closing = bench.connection.close().then(() => (isClosed = true));
    await bench.reached("closed");
    expect((await bench.mock.publish("account.logout")).connections).toBe(0);
    expect(isClosed).toBe(false);
    gate.resolve();
    await closing;
    expect(await bench.outcomes(2)).toEqual(["handled", "handled"]);
    expect(bench.changes.at(-1)).toEqual({ state: "closed" });
    expect(bench.lost).toEqual([]);
    await bench.connection.close();
  });

  test("before the connection is made ends it, and tells who waits", async () => {
    const bench = await startNotifications();
    const closing = bench.connection.close();
    await expect(bench.connection.ready).rejects.toMatchObject({ code: "ERR_CONNECTION_FAILED" });
    await closing;
    expect(bench.changes.map(({ state }) => state)).toEqual(["closed"]);
    expect(bench.mock.connections).toBe(0);
  });

  test("leaves the receiver open", async () => {
    const { connection, receiver } = await startNotifications();
    await connection.ready;
    await connection.close();
    const body = Buffer.from('{"type":"account.logout","timestamp":1790000000}');
    expect(await receiver.dispatch({ body })).toMatchObject({ outcome: "handled" });
  });
});

describe("an AbortSignal", () => {
  test("ends the connection at once, and lets what runs end", async () => {
    const abort = new AbortController();
    const gate = Promise.withResolvers<void>();
    const started = Promise.withResolvers<void>();
    const bench = await startNotifications({ connection: { signal: abort.signal } }, (receiver) => {
      receiver.on("*", async () => {
        started.resolve();
        await gate.promise;
      });
    });
    await bench.connection.ready;
    await bench.mock.publish("payment.card.success");
    await started.promise;
    abort.abort();
    await bench.reached("closed");
    expect(bench.reports).toEqual([]);
    gate.resolve();
    await bench.connection.close();
    expect(await bench.outcomes(1)).toEqual(["handled"]);
    expect(bench.lost).toEqual([]);
    expect(bench.changes.map(({ state }) => state)).toEqual(["connected", "closed"]);
  });

  test("that aborts before the connection is made makes ready reject with its reason", async () => {
    const abort = new AbortController();
    const { connection, reached } = await startNotifications({ connection: { signal: abort.signal } });
    abort.abort(new Error("Enough."));
    await expect(connection.ready).rejects.toThrow("Enough.");
    await reached("closed");
  });

  test("that has aborted makes connectNotifications throw its reason", async () => {
    const signal = AbortSignal.abort(new Error("Too late."));
    await expect(startNotifications({ connection: { signal } })).rejects.toThrow("Too late.");
  });
});
