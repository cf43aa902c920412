import { createReceiver, memoryStore } from "@hooklatch/core";
import type { OutcomeReport, Provider } from "@hooklatch/core";
import { keepRawBody, toExpress } from "@hooklatch/express";
import { createMockSender } from "@hooklatch/mock-sender";
import type { MockPlatform } from "@hooklatch/mock-sender";
import { chipSendMock } from "@hooklatch/mock-sender/chip-send";
import { cleengMock } from "@hooklatch/mock-sender/cleeng";
import { enderpayMock } from "@hooklatch/mock-sender/enderpay";
import { chipSend } from "@hooklatch/providers/chip-send";
import { cleeng } from "@hooklatch/providers/cleeng";
import { enderpay } from "@hooklatch/providers/enderpay";
import express from "express";
import { describe, expect, onTestFinished, test } from "vitest";

import { listen } from "../support/hosts.ts";
import { createMovingClock } from "../support/moving-clock.ts";
import { post } from "../support/post.ts";
import { failOnUnhandled } from "../support/unhandled.ts";

failOnUnhandled();

const platforms = { cleeng: cleengMock(), enderpay: enderpayMock(), chipSend: chipSendMock() };

/** Starts an Express app that is configured as from environment variables, with a receiver on a route of its own. */
async function startApp<Events>(provider: Provider<Events>, { path = "/hook", parseFirst = false } = {}) {
  const clock = createMovingClock();
  const reports: OutcomeReport[] = [];
  const seen: { readonly type: string; readonly payload: unknown }[] = [];
  const onOutcome = (report: OutcomeReport): void => void reports.push(report);
  const receiver = createReceiver({ provider, clock, store: memoryStore({ clock }), onOutcome });
  receiver.on("*", ({ type, payload }) => void seen.push({ type, payload }));
  const app = express();
  if (parseFirst) app.use(express.json({ verify: keepRawBody }));
  app.post(path, toExpress(receiver));
  const running = await listen(app);
  onTestFinished(() => running.close());
  return { url: running.url, clock, reports, seen, receiver };
}

/** What an app makes of a mock's credentials. */
const apps = {
  cleeng: () => {
    const { secret, signature, broadcasterId } = platforms.cleeng.credentials;
    return startApp(cleeng({ secrets: secret, signature, broadcasterId }));
  },
  enderpay: () =>
    startApp(enderpay({ secrets: platforms.enderpay.credentials.secret, addresses: ["127.0.0.1"] }), {
      path: "/hook/:secret",
    }),
  chipSend: () => startApp(chipSend(platforms.chipSend.credentials), { parseFirst: true }),
};

async function sendEverything<Events>(
  platform: MockPlatform<Events>,
  { url, seen, reports }: Awaited<ReturnType<typeof startApp>>,
): Promise<number> {
  const sender = createMockSender(platform);
  for (const type of sender.types) {
    const [first, second] = await sender.duplicate(url, type);
    expect([type, first.outcome, second.outcome]).toEqual([type, "handled", "duplicate"]);
    expect(reports.at(-1)?.eventId).toBe(first.eventId);
    const concurrent = await sender.concurrent(url, type, { copies: 5 });
    expect(concurrent.filter(({ outcome }) => outcome === "handled")).toHaveLength(1);
  }
  expect(seen.map(({ type }) => type)).toEqual(sender.types.flatMap((type) => [type, type]));
  return sender.types.length;
}

describe("over Express, each is handled once:", () => {
  test("the topics of Cleeng", async () =>
    expect(await sendEverything(platforms.cleeng, await apps.cleeng())).toBe(25));
  test("the events of Enderpay", async () =>
    expect(await sendEverything(platforms.enderpay, await apps.enderpay())).toBe(9));
  test("the events of CHIP Send", async () =>
    expect(await sendEverything(platforms.chipSend, await apps.chipSend())).toBe(3));
});

describe("over Express, nothing is handled that", () => {
  const faults = ["unsigned", "wrongKey", "truncated", "oversized"] as const;

  test("Cleeng did not send", async () => {
    const { url, seen } = await apps.cleeng();
    const sender = createMockSender(platforms.cleeng);
    for (const fault of [...faults, "tampered"] as const) {
      expect((await sender.send(url, "passCreated", { fault })).outcome).toBe("rejected");
    }
    const other = await sender.send(url, "passCreated", { payload: { broadcasterId: 1 } });
    expect(other).toMatchObject({ status: 401, code: "ERR_SOURCE_NOT_ALLOWED" });
    expect(seen).toEqual([]);
  });

  test("has not Enderpay's secret, or comes from another address", async () => {
    const { url, seen } = await apps.enderpay();
    const sender = createMockSender(platforms.enderpay);
    for (const fault of ["wrongKey", "truncated", "oversized"] as const) {
      expect((await sender.send(url, "STORE_PACKAGE_INITIAL", { fault })).outcome).toBe("rejected");
    }
    const { secret } = platforms.enderpay.credentials;
    const elsewhere = await startApp(enderpay({ secrets: secret, addresses: ["203.0.113.7"] }), {
      path: "/hook/:secret",
    });
    const refused = await sender.send(elsewhere.url, "STORE_PACKAGE_INITIAL");
    expect(refused).toMatchObject({ status: 401, code: "ERR_ADDRESS_NOT_ALLOWED" });
    expect([...seen, ...elsewhere.seen]).toEqual([]);
  });

  test("CHIP Send did not send, or that was relabelled on the way", async () => {
    const { url, seen } = await apps.chipSend();
    const sender = createMockSender(platforms.chipSend);
    for (const fault of [...faults, "tampered"] as const) {
      // What is too large or no JSON is refused by the parser that stands before the receiver.
      expect((await sender.send(url, "send_instruction_status", { fault })).status).toBeGreaterThanOrEqual(400);
    }
    const headers = { "event-type": "budget_allocation_status" };
    const relabelled = await sender.send(url, "send_instruction_status", { headers });
    expect(relabelled).toMatchObject({ status: 400, code: "ERR_EVENT_TYPE_INVALID" });
    expect(seen).toEqual([]);
  });
});

test("Enderpay: an equal purchase is a redelivery for two minutes, and then another purchase", async () => {
  const { url, clock, seen } = await apps.enderpay();
  const { body, headers } = await createMockSender(platforms.enderpay).build("STORE_PACKAGE_INITIAL");
  const buy = async (): Promise<string> =>
    (await post(`${url}/${platforms.enderpay.credentials.secret}`, { headers, body })).text;

  expect(await buy()).toBe('{"outcome":"handled"}');
  expect(await buy()).toBe('{"outcome":"duplicate"}');
  clock.move(121_000);
  expect(await buy()).toBe('{"outcome":"handled"}');
  expect(seen).toHaveLength(2);
});

test("Enderpay: the secret of the URL is in no report and no reply", async () => {
  const { url, reports } = await apps.enderpay();
  const { secret } = platforms.enderpay.credentials;
  const sender = createMockSender(platforms.enderpay);
  const replies = [
    await sender.send(url, "STORE_LOGIN_SUCCESSFUL"),
    await sender.send(url, "STORE_LOGIN_SUCCESSFUL", { fault: "truncated" }),
    await post(`${url}/${secret}0`, { headers: { "content-type": "application/json" }, body: "{}" }),
  ];
  expect(reports.map(({ outcome }) => outcome)).toEqual(["handled", "rejected", "rejected"]);
  const texts = reports.map(({ error }) => `${error?.message} ${error?.help} ${error?.stack} ${String(error?.cause)}`);
  expect(JSON.stringify([replies, reports, texts])).not.toContain(secret);
});

test("Cleeng: a consent that is given, taken back and given again is handled each time", async () => {
  const { url, clock, seen } = await apps.cleeng();
  const sender = createMockSender(platforms.cleeng);
  const consent = await sender.build("customerConsentUpdated");
  for (const outcome of ["handled", "handled", "handled"]) {
    expect((await sender.deliver(url, consent)).outcome).toBe(outcome);
    expect((await sender.deliver(url, consent)).outcome).toBe("duplicate");
    clock.move(121_000);
  }
  expect(seen).toHaveLength(3);

  const sale = await sender.build("transactionCreated");
  expect((await sender.deliver(url, sale)).outcome).toBe("handled");
  clock.move(20 * 86_400_000);
  expect((await sender.deliver(url, sale)).outcome).toBe("duplicate");
});
