import { fork } from "node:child_process";
import { once } from "node:events";

import { createMockNotifications } from "@hooklatch/mock-sender/inplayer-notifications";
import { expect, onTestFinished, test, vi } from "vitest";

import type { NotificationsTally } from "../support/notifications-child.ts";

const MiB = 1024 * 1024;

/** A mock InPlayer, and an app that is connected to it in a process of its own. */
async function start({ handlerMs = 0, maxQueuedBytes = 16 * MiB }) {
  const mock = await createMockNotifications();
  const path = new URL("../support/notifications-child.ts", import.meta.url).pathname;
  const child = fork(path, [JSON.stringify(mock.credentials), String(handlerMs), String(maxQueuedBytes)], {
    // With little room for garbage, what grows is what is held.
    execArgv: ["--expose-gc", "--max-semi-space-size=1"],
  });
  onTestFinished(async () => {
    child.kill();
    await mock.close();
  });
  await once(child, "message");
  const ask = async (question: "mark" | "report"): Promise<NotificationsTally> => {
    child.send(question);
    const [tally]: readonly unknown[] = await once(child, "message");
    // What the child sends.
    return tally as NotificationsTally;
  };
  /** Sends many messages as fast as they go, and waits until each is accounted for. */
  async function burst(count: number): Promise<NotificationsTally> {
    const before = await ask("report");
    const known = ({ handled, lost, other }: NotificationsTally): number => handled + lost + other;
    for (let sent = 0; sent < count; sent++) await mock.publish("payment.card.success");
    await vi.waitUntil(async () => known(await ask("report")) - known(before) >= count, {
      timeout: 30_000,
      interval: 20,
    });
    return ask("report");
  }
  return { ask, burst };
}

test(
  "a burst of 10,000 notifications is handled whole, and memory stays flat from one to the next",
  { timeout: 90_000 },
  async () => {
    const { ask, burst } = await start({});
    await burst(10_000);
    await ask("mark");
    const { handled, lost, other, grownBytes } = await burst(10_000);
    expect({ handled, lost, other }).toEqual({ handled: 20_000, lost: 0, other: 0 });
    expect(grownBytes).toBeLessThan(32 * MiB);
  },
);

test(
  "of 10,000 notifications that are too many for slow handlers each is handled or reported",
  { timeout: 90_000 },
  async () => {
    const { ask, burst } = await start({ handlerMs: 20, maxQueuedBytes: 1 * MiB });
    await burst(100);
    await ask("mark");
    const { handled, lost, other, grownBytes } = await burst(10_000);
    expect(handled + lost).toBe(10_100);
    expect(other).toBe(0);
    expect(lost).toBeGreaterThan(1_000);
    expect(handled).toBeGreaterThan(1_000);
    expect(grownBytes).toBeLessThan(32 * MiB);
  },
);
