import { memoryStore } from "@hooklatch/core";
import type { Store } from "@hooklatch/core";
import { describe, expect, test, vi } from "vitest";

import { hosts } from "../support/hosts.ts";
import { createMovingClock } from "../support/moving-clock.ts";
import { post } from "../support/post.ts";
import { createProbe } from "../support/probe.ts";
import { acme } from "../support/signing.ts";
import { start } from "../support/start.ts";
import { failOnUnhandled } from "../support/unhandled.ts";

failOnUnhandled();

const down = (): never => {
  throw new Error("connection refused");
};
const never = (): Promise<never> => new Promise(() => {});

/** A store of which some operations fail as long as the fault lasts. */
function createFaultyStore(clock: ReturnType<typeof createMovingClock>, faults: (inner: Store) => Partial<Store>) {
  const inner = memoryStore({ clock });
  const faulty = { ...inner, ...faults(inner) };
  let current: Store = faulty;
  const store: Store = {
    claim: (...given) => current.claim(...given),
    renew: (...given) => current.renew(...given),
    settle: (...given) => current.settle(...given),
    release: (...given) => current.release(...given),
    close: () => inner.close(),
  };
  return { store, repair: () => void (current = inner) };
}

describe.each(hosts)("$name", (host) => {
  test("20: a handler that fails runs again at the redelivery", async () => {
    let runs = 0;
    const { receiver, reports } = createProbe(acme.provider, {
      handler: () => {
        runs++;
        if (runs === 1) throw new Error("out of stock");
        return runs === 2 ? Promise.reject(new Error("still out of stock")) : undefined;
      },
    });
    const { url } = await start(host, receiver);
    const event = acme.event();

    for (const status of [500, 500, 200, 200]) expect((await post(url, event)).status).toBe(status);
    expect(reports.map(({ outcome, attempt }) => [outcome, attempt])).toEqual([
      ["failed", 1],
      ["failed", 2],
      ["handled", 3],
      ["duplicate", undefined],
    ]);
  });

  test("20: a settle that fails after the handler succeeded never runs the handler a second time", async () => {
    const clock = createMovingClock();
    const { store, repair } = createFaultyStore(clock, () => ({ settle: down, release: down }));
    const { receiver, events } = createProbe(acme.provider, { store, clock });
    const { url } = await start(host, receiver);
    const event = acme.event();

    expect((await post(url, event)).status).toBe(503);
    expect((await post(url, event)).status).toBe(503);
    repair();
    clock.move(61_000);
    expect(await post(url, event)).toMatchObject({ status: 200, text: '{"outcome":"duplicate"}' });
    expect(events).toHaveLength(1);
  });

  test("21: of a hundred parallel copies over two receivers one has an effect, and none is accepted before it has", async () => {
    const store = memoryStore();
    const gate = Promise.withResolvers<void>();
    const probes = [1, 2].map(() => createProbe(acme.provider, { store, handler: () => gate.promise }));
    const running = await Promise.all(probes.map(({ receiver }) => start(host, receiver)));
    const event = acme.event();

    const answers = Array.from({ length: 100 }, (_, index) => post(running[index % 2]?.url ?? "", event));
    const reports = () => probes.flatMap((probe) => probe.reports);
    await vi.waitFor(() => expect(reports()).toHaveLength(99));
    expect(new Set(reports().map(({ status, code }) => `${status} ${code}`))).toEqual(new Set(["503 ERR_EVENT_BUSY"]));
    gate.resolve();

    const settled = await Promise.all(answers);
    expect(settled.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(settled.filter(({ headers }) => headers["retry-after"] !== undefined)).toHaveLength(99);
    expect(probes.flatMap(({ events }) => events)).toHaveLength(1);
    expect((await post(running[0]?.url ?? "", event)).text).toContain("duplicate");
  });

  test("21: a copy that came while the first ran is not lost when the first fails", async () => {
    const gate = Promise.withResolvers<void>();
    const { receiver, events } = createProbe(acme.provider, {
      handler: () => (events.length === 1 ? gate.promise : undefined),
    });
    const { url } = await start(host, receiver);
    const event = acme.event();

    const first = post(url, event);
    await vi.waitFor(() => expect(events).toHaveLength(1));
    expect((await post(url, event)).status).toBe(503);
    gate.reject(new Error("crashed"));
    expect((await first).status).toBe(500);
    expect(await post(url, event)).toMatchObject({ status: 200, text: '{"outcome":"handled"}' });
    expect(events).toHaveLength(2);
  });

  test.each<[string, (inner: Store) => Partial<Store>]>([
    ["down", () => ({ claim: down, settle: down, release: down })],
    [
      "down with rejections",
      () => ({ claim: async () => down(), settle: async () => down(), release: async () => down() }),
    ],
    ["slow without end", () => ({ claim: never, settle: never, release: never })],
    ["slow when it settles", () => ({ settle: never })],
    ["full", () => ({ claim: () => Promise.reject(Object.assign(new Error("OOM"), { code: "OOM" })) })],
    ["cut off after the claim was made", (inner) => ({ claim: (...given) => (void inner.claim(...given), down()) })],
    ["cut off after the settle was made", (inner) => ({ settle: (...given) => (void inner.settle(...given), down()) })],
    ["of another mind at each settle", () => ({ settle: () => false })],
    ["throwing undefined", () => ({ claim: () => Promise.reject(undefined) })],
  ])(
    "21b: a store that is %s makes it 503 in bounded time; afterwards the event is handled once",
    async (_name, faults) => {
      const clock = createMovingClock();
      const { store, repair } = createFaultyStore(clock, faults);
      const { receiver, events, reports } = createProbe(acme.provider, { store, clock, storeTimeoutMs: 50 });
      const { url } = await start(host, receiver);
      const body = '{"type":"order.paid"}';

      const startedAtMs = performance.now();
      expect(await post(url, acme.sign(body, { id: "1" }))).toMatchObject({
        status: 503,
        headers: { "retry-after": expect.any(String) },
      });
      expect(performance.now() - startedAtMs).toBeLessThan(1000);

      repair();
      clock.move(61_000); // past the lease of a claim that was made
      expect((await post(url, acme.sign(body, { id: "1" }))).status).toBe(200);
      expect((await post(url, acme.sign(body, { id: "1" }))).text).toContain("duplicate");
      expect(events).toHaveLength(1);
      expect(reports.map(({ outcome }) => outcome)).toContain("unavailable");
    },
  );

  test("22: ids beyond the limit of the store are forgotten oldest first, and that is reported", async () => {
    const onEarlyEviction = vi.fn();
    const store = memoryStore({ maxIds: 3, onEarlyEviction });
    const { receiver } = createProbe(acme.provider, { store });
    const { url } = await start(host, receiver);
    for (const id of ["1", "2", "3", "4", "x".repeat(14_000)])
      expect((await post(url, acme.event({ id }))).status).toBe(200);
    expect(store.size).toBe(3);
    expect(onEarlyEviction).toHaveBeenCalledTimes(2);
    expect(onEarlyEviction.mock.lastCall).toMatchObject([{ running: false, maxIds: 3 }]);
  });
});

// About a second: a million claims.
test("22: a million different ids leave the default store within its limit, with one warning", () => {
  const warned = vi.spyOn(process, "emitWarning").mockReturnValue();
  const store = memoryStore();
  for (let id = 0; id < 1_000_000; id++) {
    void store.claim(`8:acme8:default=${id}`, 60_000, id);
  }
  expect(store.size).toBe(100_000);
  expect(warned).toHaveBeenCalledExactlyOnceWith(expect.stringContaining("forgets events early"), expect.anything());
});
