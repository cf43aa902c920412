import { describe, expect, test } from "vitest";

import type { Result } from "./reply.ts";
import { settled } from "./test-support/test-clock.ts";
import { orderPaid, shop, shopDelivery } from "./test-support/test-provider.ts";
import { testReceiver } from "./test-support/test-receiver.ts";

const summary = ({ outcome, reply, error }: Result): string =>
  `${outcome} ${reply.status}${error === undefined ? "" : ` ${error.code}`}`;

/** A receiver whose first run of the handler ends when the test says so; the later ones end at once. */
function setUp(options: Parameters<typeof testReceiver>[0] = {}) {
  const made = testReceiver({ handlerTimeoutMs: 1000, ...options });
  const first = Promise.withResolvers<void>();
  const signals: AbortSignal[] = [];
  made.receiver.on("order.paid", (_event, { signal }) => {
    signals.push(signal);
    return signals.length === 1 ? first.promise : undefined;
  });
  const send = (): Promise<Result> => made.receiver.receive(shopDelivery(orderPaid()));
  return { ...made, first, signals, send };
}

/** As `setUp`, with the first run past its time. */
async function setUpLate(options: Parameters<typeof testReceiver>[0] = {}) {
  const made = setUp(options);
  const sending = made.send();
  await made.clock.advance(1000);
  expect(summary(await sending)).toBe("failed 500 ERR_HANDLER_TIMEOUT");
  return made;
}

describe("handlers that take too long", () => {
  test("are given up at their time and not before, and their signal is aborted with the reason", async () => {
    const { clock, signals, send } = setUp();
    const sending = send();
    await clock.advance(999);
    expect(signals[0]?.aborted).toBe(false);
    await clock.advance(1);
    const { error } = await sending;
    expect(error).toMatchObject({ name: "HandlerError", code: "ERR_HANDLER_TIMEOUT", status: 500 });
    expect(signals[0]?.aborted).toBe(true);
    expect(signals[0]?.reason).toBe(error);
    expect(clock.timers).toBe(0);
  });

  test("have one time together", async () => {
    const { receiver, clock } = testReceiver({ handlerTimeoutMs: 1000 });
    const ends = [0, 1, 2].map(() => Promise.withResolvers<void>());
    for (const { promise } of ends) receiver.on("*", () => promise);
    const sending = receiver.receive(shopDelivery(orderPaid()));
    for (const { resolve } of ends.slice(0, 2)) {
      await clock.advance(499);
      resolve();
    }
    await clock.advance(2);
    expect(summary(await sending)).toBe("failed 500 ERR_HANDLER_TIMEOUT");
  });

  test("start no further handler once their time is up, since a redelivery may be running it", async () => {
    const { receiver, clock } = testReceiver({ handlerTimeoutMs: 1000 });
    const first = Promise.withResolvers<void>();
    const runs: string[] = [];
    receiver.on("*", () => (runs.push("a") === 1 ? first.promise : undefined));
    receiver.on("*", () => void runs.push("b"));
    const late = receiver.receive(shopDelivery(orderPaid()));
    await clock.advance(31_000);
    expect(summary(await late)).toBe("failed 500 ERR_HANDLER_TIMEOUT");
    expect(summary(await receiver.receive(shopDelivery(orderPaid())))).toBe("handled 200");
    first.resolve();
    await settled();
    expect(runs).toEqual(["a", "a", "b"]);
  });

  test("keep the claim while they are at it, for as long as the lease lasts", async () => {
    const { clock, signals, send } = await setUpLate();
    expect(summary(await send())).toBe("busy 503 ERR_EVENT_BUSY");
    await clock.advance(28_999); // it lasts for 30 seconds from the claim on, and is renewed no more
    expect(summary(await send())).toBe("busy 503 ERR_EVENT_BUSY");
    await clock.advance(1);
    expect(await send()).toMatchObject({ outcome: "handled", attempt: 2 });
    expect(signals).toHaveLength(2);
  });

  test("and then succeed are settled: the redelivery is a duplicate", async () => {
    const { first, signals, send } = await setUpLate();
    first.resolve();
    await settled();
    expect(summary(await send())).toBe("duplicate 200");
    expect(signals).toHaveLength(1);
  });

  test("and then fail give the claim back: the redelivery runs", async () => {
    const { first, signals, send } = await setUpLate();
    first.reject(new Error("late"));
    await settled();
    expect(await send()).toMatchObject({ outcome: "handled", attempt: 2 });
    expect(signals).toHaveLength(2);
  });

  test("and then succeed, while the store is away, are not run again by this process", async () => {
    let isDown = true;
    const { clock, first, signals, send } = await setUpLate({
      store: (memory) => ({
        settle: async (...args) => (isDown ? Promise.reject(new Error("down")) : memory.settle(...args)),
      }),
    });
    first.resolve();
    await settled();
    isDown = false;
    await clock.advance(30_000);
    expect(summary(await send())).toBe("duplicate 200");
    expect(signals).toHaveLength(1);
  });

  test("and succeed when another run has taken over settle nothing", async () => {
    const { clock, first, signals, send } = await setUpLate();
    await clock.advance(30_000);
    expect(await send()).toMatchObject({ outcome: "handled", attempt: 2 });
    first.resolve();
    await settled();
    expect(summary(await send())).toBe("duplicate 200");
    expect(signals).toHaveLength(2);
  });

  test("are named a timeout only when they are one: what they throw in time is a failure", async () => {
    const { first, send } = setUp();
    const sending = send();
    first.reject(Object.assign(new Error("too slow"), { code: "ERR_HANDLER_TIMEOUT" }));
    expect(summary(await sending)).toBe("failed 500 ERR_HANDLER_FAILED");
  });
});

test("a handshake that never answers is given up, holds no place, and is tried again by the platform", async () => {
  const provider = shop({ handshake: () => new Promise(() => {}) });
  const { receiver, clock } = testReceiver({ provider, handlerTimeoutMs: 1000, maxInFlight: 1 });
  for (let round = 0; round < 2; round++) {
    const sending = receiver.receive(shopDelivery({}));
    await clock.advance(1000);
    expect(summary(await sending)).toBe("unavailable 503 ERR_HANDSHAKE_FAILED");
  }
  expect(clock.timers).toBe(0);
});
