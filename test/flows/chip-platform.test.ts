import { execFile } from "node:child_process";
import { createServer } from "node:http";
import { promisify } from "node:util";

import { createVirtualClock } from "@hooklatch/mock-sender";
import { createMockPlatform } from "@hooklatch/mock-sender/chip";
import type { PlatformDelivery } from "@hooklatch/mock-sender/chip";
import { createChipApi, ensureWebhook } from "@hooklatch/providers/chip/manage";
import { describe, expect, onTestFinished, test, vi } from "vitest";

import { root } from "../house/tree.ts";
import { startPlatform, startPlatformAndApp } from "../support/chip-platform.ts";
import { listen } from "../support/hosts.ts";
import { failOnUnhandled } from "../support/unhandled.ts";

failOnUnhandled();

const minuteMs = 60_000;

const line = ({ type, attempt, status, outcome }: PlatformDelivery) => `${type} ${attempt} ${status} ${outcome}`;

describe("the platform's deliveries", () => {
  test("come again on CHIP's schedule, eight times, and then no more", async () => {
    const { platform } = await startPlatformAndApp(() => {
      throw new Error("the database is away");
    });
    const startMs = platform.clock.nowMs();
    await platform.emit("purchase.paid");
    const again = await platform.deliverAll();
    expect(again).toHaveLength(7);
    expect(platform.deliveries.map(({ atMs }) => (atMs - startMs) / minuteMs)).toEqual([
      0, 2, 8, 26, 80, 242, 728, 2186,
    ]);
    expect(new Set(platform.deliveries.map(({ eventId }) => eventId)).size).toBe(1);
    expect(await platform.advance(10_000 * minuteMs)).toEqual([]);
  });

  test("wait for their time, not a millisecond less", async () => {
    let runs = 0;
    const { platform } = await startPlatformAndApp(() => {
      runs += 1;
      if (runs < 3) throw new Error("the database is away");
    });
    const { objectId } = await platform.emit("purchase.paid");
    expect(await platform.advance(2 * minuteMs - 1)).toEqual([]);
    expect((await platform.emit("purchase.settled", { payload: { id: objectId } })).deliveries).toEqual([]);
    expect(runs).toBe(1);
    expect((await platform.advance(1)).map(line)).toEqual(["purchase.paid 2 500 failed"]);
    expect((await platform.advance(6 * minuteMs)).map(line)).toEqual([
      "purchase.paid 3 200 handled",
      "purchase.settled 1 200 handled",
    ]);
    expect(await platform.deliverAll()).toEqual([]);
  });

  test("of one object come in order: a failing one holds back the later, not those of others", async () => {
    const handled: string[] = [];
    let isBroken = true;
    const { platform } = await startPlatformAndApp(({ type, payload }) => {
      // The payload of every event has an id.
      const { id } = payload as { readonly id: string };
      if (id === "lamp" && isBroken) throw new Error("no lamp in the database");
      handled.push(`${id} ${type}`);
    });
    const emit = (type: "purchase.created" | "purchase.paid" | "purchase.settled", id: string) =>
      platform.emit(type, { payload: { id } });
    await emit("purchase.created", "lamp");
    expect((await emit("purchase.paid", "lamp")).deliveries).toEqual([]);
    await emit("purchase.created", "desk");
    await emit("purchase.settled", "lamp");
    await emit("purchase.paid", "desk");
    expect(handled).toEqual(["desk purchase.created", "desk purchase.paid"]);

    await platform.advance(2 * minuteMs);
    isBroken = false;
    const delivered = await platform.deliverAll();
    expect(handled.slice(2)).toEqual(["lamp purchase.created", "lamp purchase.paid", "lamp purchase.settled"]);
    expect(delivered.map(line)).toEqual([
      "purchase.created 3 200 handled",
      "purchase.paid 1 200 handled",
      "purchase.settled 1 200 handled",
    ]);
    // The later ones wait for no time of their own.
    expect(new Set(delivered.map(({ atMs }) => atMs)).size).toBe(1);
  });

  test("go on with the next event of the object after one is given up", async () => {
    const { platform } = await startPlatformAndApp(({ type }) => {
      if (type === "purchase.created") throw new Error("never");
    });
    const { objectId } = await platform.emit("purchase.created");
    await platform.emit("purchase.paid", { payload: { id: objectId } });
    const delivered = await platform.deliverAll();
    expect(delivered.map(line).slice(-2)).toEqual(["purchase.created 8 500 failed", "purchase.paid 1 200 handled"]);
  });

  test("of one object stay in order when they are emitted at once", async () => {
    const seen: string[] = [];
    const { platform } = await startPlatformAndApp(async ({ type }) => {
      await new Promise((resolve) => setImmediate(resolve));
      seen.push(type);
    });
    const types = ["purchase.created", "purchase.viewed", "purchase.paid", "purchase.settled"] as const;
    const emissions = await Promise.all(types.map((type) => platform.emit(type, { payload: { id: "lamp" } })));
    expect(seen).toEqual(types);
    expect(emissions.map(({ deliveries }) => deliveries.length)).toEqual([1, 1, 1, 1]);
  });

  test("go to every webhook that asks for the event, each with its own signature and schedule", async () => {
    const { platform, access, webhook } = await startPlatformAndApp(() => undefined);
    const bad = await listen(createServer((_, response) => response.writeHead(503).end()));
    onTestFinished(() => bad.close());
    const other = await ensureWebhook({ ...access, callback: bad.url, events: ["purchase.paid"] });
    const { deliveries } = await platform.emit("purchase.paid");
    expect(deliveries.map(({ webhookId, status }) => [webhookId, status])).toEqual([
      [webhook.id, 200],
      [other.webhook.id, 503],
    ]);
    expect((await platform.advance(2 * minuteMs)).map(({ webhookId }) => webhookId)).toEqual([other.webhook.id]);
  });

  test("stop when the webhook is deleted, and follow it to a new callback", async () => {
    const { platform, access, webhook } = await startPlatformAndApp(() => undefined);
    const { webhooks } = createChipApi(access);
    const nobody = await listen(createServer());
    await nobody.close();
    await webhooks.update(webhook.id, { callback: nobody.url });
    const { deliveries } = await platform.emit("purchase.paid");
    expect(deliveries).toMatchObject([{ status: undefined, error: { name: "NoReplyError" } }]);
    await webhooks.update(webhook.id, { callback: webhook.callback });
    expect((await platform.advance(2 * minuteMs)).map(line)).toEqual(["purchase.paid 2 200 handled"]);

    await webhooks.update(webhook.id, { callback: nobody.url });
    await platform.emit("purchase.paid");
    await webhooks.delete(webhook.id);
    expect(await platform.deliverAll()).toEqual([]);
  });

  test("are the same events in each run when seed and clock are fixed", async () => {
    const ids = await Promise.all(
      [1, 2].map(async () => {
        const platform = await startPlatform({ seed: "orders", clock: createVirtualClock(0) });
        return (await platform.emit("purchase.paid")).objectId;
      }),
    );
    expect(ids[0]).toBe(ids[1]);
  });

  test("refuse an address that is none, and a time that runs back", async () => {
    const platform = await startPlatform();
    const payload = { success_callback: "nowhere" };
    await expect(platform.emit("purchase.paid", { payload })).rejects.toThrow("is not an http address");
    await expect(platform.advance(-1)).rejects.toThrow(RangeError);
    expect(await platform.deliverAll()).toEqual([]);
  });
});

describe("close", () => {
  test("breaks off a delivery that nobody answers, and frees the port", async () => {
    const platform = await createMockPlatform();
    const asked = vi.fn();
    const silent = await listen(createServer(asked));
    onTestFinished(() => silent.close());
    const access = { token: platform.tokens.test, baseUrl: platform.url };
    await ensureWebhook({ ...access, callback: silent.url, allEvents: true });
    const emitting = platform.emit("purchase.paid");
    await vi.waitFor(() => expect(asked).toHaveBeenCalledTimes(1));
    await platform.close();
    expect((await emitting).deliveries).toMatchObject([{ status: undefined }]);
    await expect(fetch(platform.url)).rejects.toThrow("fetch failed");
    await expect(platform.emit("purchase.paid")).rejects.toThrow("closed");
    await platform.close();
  });

  test("leaves nothing behind that keeps a process alive", async () => {
    const script = `
      import { createServer } from "node:http";
      import { createMockPlatform } from "@hooklatch/mock-sender/chip";
      import { ensureWebhook } from "@hooklatch/providers/chip/manage";
      const app = createServer((request, response) => request.resume().on("end", () => response.writeHead(500).end()));
      await new Promise((resolve) => app.listen(0, "127.0.0.1", resolve));
      const callback = "http://127.0.0.1:" + app.address().port + "/hook";
      const platform = await createMockPlatform();
      await ensureWebhook({ token: platform.tokens.test, baseUrl: platform.url, callback, allEvents: true });
      const { deliveries } = await platform.emit("purchase.paid");
      await platform.close();
      await new Promise((resolve) => app.close(resolve).closeAllConnections());
      const closedAtMs = performance.now();
      process.on("exit", () => console.log(deliveries[0].status, performance.now() - closedAtMs < 2_000));
    `;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", "--input-type=module", "--eval", script],
      { cwd: root, timeout: 15_000 },
    );
    expect(stdout).toBe("500 true\n");
  });
});
