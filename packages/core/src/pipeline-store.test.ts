import { describe, expect, test } from "vitest";

import { createReceiver } from "./create-receiver.ts";
import type { Result } from "./reply.ts";
import type { Claim } from "./store.ts";
import { settled } from "./test-support/test-clock.ts";
import { orderPaid, shop, shopDelivery } from "./test-support/test-provider.ts";
import type { ShopEvents } from "./test-support/test-provider.ts";
import { testReceiver } from "./test-support/test-receiver.ts";

const summary = ({ outcome, reply, error }: Result): string =>
  `${outcome} ${reply.status}${error === undefined ? "" : ` ${error.code}`}`;

const never = (): Promise<never> => new Promise(() => {});
const down = (): never => {
  throw new Error("ECONNREFUSED");
};

/** A receiver with one handler that counts its runs and does what the test says. */
function counting(options: Parameters<typeof testReceiver>[0] = {}, work: () => unknown = () => {}) {
  const made = testReceiver(options);
  const handler = { runs: 0, work };
  made.receiver.on("*", () => {
    handler.runs++;
    return handler.work();
  });
  const send = (id = "evt_1"): Promise<Result> => made.receiver.receive(shopDelivery(orderPaid(id)));
  return { ...made, handler, send };
}

describe("one event", () => {
  test("in a hundred deliveries at once runs once; none of the others is told 2xx while it runs", async () => {
    const gate = Promise.withResolvers<void>();
    const { handler, send } = counting({}, () => gate.promise);
    const first = send();
    await settled();
    const others = await Promise.all(Array.from({ length: 99 }, () => send()));
    expect(new Set(others.map(summary))).toEqual(new Set(["busy 503 ERR_EVENT_BUSY"]));
    gate.resolve();
    expect(summary(await first)).toBe("handled 200");
    expect(summary(await send())).toBe("duplicate 200");
    expect(handler.runs).toBe(1);
  });

  test("in two receivers over one store runs once", async () => {
    const { receiver, store, clock, handler } = counting();
    const second = createReceiver<ShopEvents>({ provider: shop(), store, clock, onOutcome: () => {} });
    second.on("*", () => void handler.runs++);
    const results = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        (index % 2 === 0 ? receiver : second).receive(shopDelivery(orderPaid())),
      ),
    );
    expect(results.filter(({ outcome }) => outcome === "handled")).toHaveLength(1);
    expect(handler.runs).toBe(1);
  });

  test("that is busy says when its lease ends at the latest", async () => {
    const { clock, send } = counting({ leaseMs: 30_000 }, never);
    void send();
    await clock.advance(4000);
    expect((await send()).reply.headers["retry-after"]).toBe("26");
  });

  test("whose handler failed runs again at once, counting", async () => {
    const { handler, send } = counting({}, down);
    expect(await send()).toMatchObject({ outcome: "failed", attempt: 1 });
    expect(await send()).toMatchObject({ outcome: "failed", attempt: 2 });
    handler.work = () => {};
    expect(await send()).toMatchObject({ outcome: "handled", attempt: 3 });
    expect(summary(await send())).toBe("duplicate 200");
    expect(handler.runs).toBe(3);
  });

  test("with ids past 2^53 that differ in one digit is two events", async () => {
    const { receiver, handler } = counting();
    for (const digits of ["9007199254740992", "9007199254740993"]) {
      const body = `{"id":${digits},"type":"order.paid","data":{"id":1}}`;
      expect(await receiver.receive(shopDelivery(body))).toMatchObject({ outcome: "handled", event: { id: digits } });
    }
    expect(handler.runs).toBe(2);
  });

  test("is forgotten when it was kept for its time, and not before", async () => {
    const { clock, send } = counting({ keepMs: 3_600_000 });
    await send();
    await clock.advance(3_599_999);
    expect(summary(await send())).toBe("duplicate 200");
    await clock.advance(1);
    expect(summary(await send())).toBe("handled 200");
  });
});

describe("a store that fails", () => {
  test("at the claim: nothing runs, nothing is acknowledged", async () => {
    for (const claim of [down, async () => down()]) {
      const { handler, send } = counting({ store: { claim } });
      const result = await send();
      expect(summary(result)).toBe("unavailable 503 ERR_STORE_UNAVAILABLE");
      expect(result.reply.headers["retry-after"]).toBe("5");
      expect(handler.runs).toBe(0);
    }
  });

  test("at the release: the handler's failure is what is told, and the lease ends by itself", async () => {
    const { clock, handler, send } = counting({ store: { release: down } }, down);
    expect(summary(await send())).toBe("failed 500 ERR_HANDLER_FAILED");
    handler.work = () => {};
    expect(summary(await send())).toBe("busy 503 ERR_EVENT_BUSY");
    await clock.advance(60_000);
    expect(await send()).toMatchObject({ outcome: "handled", attempt: 2 });
  });

  test("at settling: the event is not acknowledged, and its handler is not run a second time", async () => {
    let isDown = true;
    const { clock, handler, send } = counting({
      store: (memory) => ({ settle: (...args) => (isDown ? down() : memory.settle(...args)) }),
    });
    expect(summary(await send())).toBe("unavailable 503 ERR_STORE_UNAVAILABLE");
    expect(summary(await send())).toBe("busy 503 ERR_EVENT_BUSY");
    await clock.advance(60_000);
    expect(summary(await send())).toBe("unavailable 503 ERR_STORE_UNAVAILABLE");
    isDown = false;
    await clock.advance(60_000);
    expect(summary(await send())).toBe("duplicate 200");
    expect(summary(await send())).toBe("duplicate 200");
    expect(handler.runs).toBe(1);
  });

  test("at settling, after it had settled: the redelivery is a duplicate", async () => {
    const { handler, send } = counting({
      store: (memory) => ({
        settle: async (...args) => {
          await memory.settle(...args);
          return down();
        },
      }),
    });
    expect(summary(await send())).toBe("unavailable 503 ERR_STORE_UNAVAILABLE");
    expect(summary(await send())).toBe("duplicate 200");
    expect(handler.runs).toBe(1);
  });
});

describe("a store that is slow", () => {
  test("at the claim is waited for as long as is set; a claim granted later is given back", async () => {
    const late = Promise.withResolvers<Claim>();
    const released: unknown[] = [];
    const { receiver, clock } = testReceiver({
      storeTimeoutMs: 1000,
      store: { claim: () => late.promise, release: (...args) => void released.push(args) },
    });
    receiver.on("*", () => expect.unreachable());
    const receiving = receiver.receive(shopDelivery(orderPaid()));
    await clock.advance(1000);
    expect(summary(await receiving)).toBe("unavailable 503 ERR_STORE_UNAVAILABLE");
    late.resolve({ status: "new", token: "7", attempt: 1 });
    await settled();
    expect(released).toEqual([[expect.any(String), "7"]]);
  });

  test.each(["settle", "release"] as const)("at the %s answers within its time as well", async (operation) => {
    const work = operation === "settle" ? () => {} : down;
    const { clock, send } = counting({ storeTimeoutMs: 1000, store: { [operation]: never } }, work);
    const sending = send();
    await clock.advance(1000);
    const expected = operation === "settle" ? "unavailable 503 ERR_STORE_UNAVAILABLE" : "failed 500 ERR_HANDLER_FAILED";
    expect(summary(await sending)).toBe(expected);
    expect(clock.timers).toBe(0);
  });
});

describe("a lease that was lost to another claimer", () => {
  test("acknowledges nothing; what the other one made of it counts", async () => {
    const { store, clock, handler, receiver } = counting();
    const other = createReceiver<ShopEvents>({ provider: shop(), store, clock, onOutcome: () => {} });
    let otherRuns = 0;
    other.on("*", () => void otherRuns++);
    // The store forgets the first claim, as one whose clock jumps or whose node is replaced does.
    handler.work = async () => {
      await store.close();
      expect(summary(await other.receive(shopDelivery(orderPaid())))).toBe("handled 200");
    };
    expect(summary(await receiver.receive(shopDelivery(orderPaid())))).toBe("unavailable 503 ERR_CLAIM_LOST");
    expect(summary(await receiver.receive(shopDelivery(orderPaid())))).toBe("duplicate 200");
    expect([handler.runs, otherRuns]).toEqual([1, 1]);
  });

  test("and then by the other one too is settled by this process without a second run", async () => {
    const { store, handler, send } = counting();
    handler.work = () => store.close();
    expect(summary(await send())).toBe("unavailable 503 ERR_CLAIM_LOST");
    expect(summary(await send())).toBe("duplicate 200");
    expect(handler.runs).toBe(1);
  });
});

test("an event that could at last be settled is no longer kept in mind", async () => {
  let works = false;
  const { receiver, clock } = testReceiver({
    store: (memory) => ({ settle: (...args) => works && memory.settle(...args) }),
  });
  let runs = 0;
  receiver.on("*", () => void runs++);
  expect((await receiver.receive(shopDelivery(orderPaid()))).error?.code).toBe("ERR_CLAIM_LOST");
  works = true;
  await clock.advance(60_000); // the lease
  expect((await receiver.receive(shopDelivery(orderPaid()))).outcome).toBe("duplicate");
  await clock.advance(30 * 86_400_000); // keepMs
  expect((await receiver.receive(shopDelivery(orderPaid()))).outcome).toBe("handled");
  expect(runs).toBe(2);
});
