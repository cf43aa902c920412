import { describe, expect, test } from "vitest";

import type { Result } from "./reply.ts";
import type { Store } from "./store.ts";
import { settled } from "./test-support/test-clock.ts";
import { orderPaid, shopDelivery } from "./test-support/test-provider.ts";
import { testReceiver } from "./test-support/test-receiver.ts";

const summary = ({ outcome, reply, error }: Result): string =>
  `${outcome} ${reply.status}${error === undefined ? "" : ` ${error.code}`}`;

/** A receiver whose first handler runs until the test says so, with every renewal that was asked for. */
function setUp(renew?: (memory: Store) => Store["renew"]) {
  const renewedAtMs: number[] = [];
  const made = testReceiver({
    leaseMs: 30_000,
    handlerTimeoutMs: 600_000,
    store: (memory) => ({
      renew(...args) {
        renewedAtMs.push(made.clock.nowMs() - startedAtMs);
        return renew === undefined ? memory.renew(...args) : renew(memory)(...args);
      },
    }),
  });
  const startedAtMs = made.clock.nowMs();
  const first = Promise.withResolvers<void>();
  const signals: AbortSignal[] = [];
  made.receiver.on("order.paid", (_event, { signal }) => {
    signals.push(signal);
    return signals.length === 1 ? first.promise : undefined;
  });
  const send = (): Promise<Result> => made.receiver.receive(shopDelivery(orderPaid()));
  return { ...made, first, signals, send, renewedAtMs };
}

const down = (): Promise<never> => Promise.reject(new Error("ECONNREFUSED"));

describe("while a handler runs, its lease", () => {
  test("is renewed every third of its time, so that copies stay busy for as long as it takes", async () => {
    const { clock, first, send, renewedAtMs, signals } = setUp();
    const sending = send();
    for (let round = 0; round < 10; round++) {
      await clock.advance(29_999);
      expect(summary(await send())).toBe("busy 503 ERR_EVENT_BUSY");
    }
    expect(renewedAtMs.slice(0, 4)).toEqual([10_000, 20_000, 30_000, 40_000]);
    first.resolve();
    expect(summary(await sending)).toBe("handled 200");
    expect(summary(await send())).toBe("duplicate 200");
    expect([signals.length, clock.timers]).toEqual([1, 0]);
  });

  test("is not renewed for a handler that is done at once, nor after one that is done", async () => {
    const { clock, first, send, renewedAtMs } = setUp();
    first.resolve();
    await send();
    expect(clock.timers).toBe(0);
    await clock.advance(60_000);
    expect(renewedAtMs).toEqual([]);
  });

  test("is not renewed once the handler is out of time", async () => {
    const { clock, send, renewedAtMs } = setUp();
    const sending = send();
    await clock.advance(600_000);
    expect(summary(await sending)).toBe("failed 500 ERR_HANDLER_TIMEOUT");
    const renewals = renewedAtMs.length;
    await clock.advance(60_000);
    expect(renewedAtMs).toHaveLength(renewals);
    expect(await send()).toMatchObject({ outcome: "handled", attempt: 2 });
  });
});

describe("a lease that cannot be renewed", () => {
  test("as somebody else has it ends the delivery with 503 and aborts the handler's signal", async () => {
    const { clock, signals, send } = setUp(() => () => false);
    const sending = send();
    await clock.advance(10_000);
    const result = await sending;
    expect(summary(result)).toBe("unavailable 503 ERR_CLAIM_LOST");
    expect(signals[0]).toMatchObject({ aborted: true, reason: result.error });
    expect(clock.timers).toBe(0);
  });

  test("for the store is away is tried again, and the handler goes on when it comes back in time", async () => {
    let isDown = true;
    const { clock, first, signals, send } = setUp(
      (memory) =>
        (...args) =>
          isDown ? down() : memory.renew(...args),
    );
    const sending = send();
    await clock.advance(19_999);
    isDown = false;
    await clock.advance(30_000);
    expect(signals[0]?.aborted).toBe(false);
    first.resolve();
    expect(summary(await sending)).toBe("handled 200");
  });

  test.each([
    ["rejects", down],
    ["never answers", () => new Promise<never>(() => {})],
  ])("as the store %s aborts the signal when it runs out, and not before", async (_how, renew) => {
    const { clock, signals, send } = setUp(() => renew);
    const sending = send();
    await clock.advance(29_999);
    expect(signals[0]?.aborted).toBe(false);
    await clock.advance(1);
    expect(summary(await sending)).toBe("unavailable 503 ERR_STORE_UNAVAILABLE");
    expect(signals[0]?.aborted).toBe(true);
    await clock.advance(10_000);
    expect(clock.timers).toBe(0);
  });

  test("lets the late handler settle nothing that another run has taken over", async () => {
    const { clock, first, store, signals, send } = setUp(() => () => false);
    const sending = send();
    await clock.advance(10_000);
    await sending;
    await store.close(); // the memory store forgets the claim
    expect(await send()).toMatchObject({ outcome: "handled" });
    first.resolve();
    await settled();
    expect(summary(await send())).toBe("duplicate 200");
    expect(signals).toHaveLength(2);
  });

  test("does not start the handlers that stand behind", async () => {
    const { clock, receiver, first, send } = setUp(() => () => false);
    receiver.on("*", () => expect.unreachable());
    const sending = send();
    await clock.advance(10_000);
    await sending;
    first.resolve();
    await settled();
  });
});
