import { describe, expect, test } from "vitest";

import { createReceiver } from "./create-receiver.ts";
import { memoryStore } from "./memory-store.ts";
import type { Result } from "./reply.ts";
import type { Store } from "./store.ts";
import { settled, TestClock } from "./test-support/test-clock.ts";
import { orderPaid, shop, shopDelivery } from "./test-support/test-provider.ts";
import type { ShopEvents } from "./test-support/test-provider.ts";

const summary = ({ outcome, reply, error }: Result): string =>
  `${outcome} ${reply.status}${error === undefined ? "" : ` ${error.code}`}`;

/** Writes that are there for all to see once they are committed. */
interface Writes {
  add(text: string): void;
}

type Faults = Partial<Record<"begin" | "commit", (signal: AbortSignal) => Promise<void>>>;

/** A store in memory with transactions, whose faults the test chooses. */
function storeWithTransactions(clock: TestClock, committed: string[], faults: Faults): Store<Writes> {
  const memory = memoryStore({ clock, maxIds: 100 });
  return {
    ...memory,
    async transact({ key, token, keepMs }, work, signal) {
      await faults.begin?.(signal);
      const writes: string[] = [];
      const aborted = new Promise<never>((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(new Error("rolled back")));
      });
      await Promise.race([work({ add: (text) => void writes.push(text) }), aborted]);
      if (!(await memory.settle(key, token, keepMs))) return false;
      committed.push(...writes);
      await faults.commit?.(signal);
      return true;
    },
  };
}

function setUp(faults: Faults = {}, broken: Pick<Store<Writes>, "transact"> = {}) {
  const clock = new TestClock();
  const committed: string[] = [];
  const store = { ...storeWithTransactions(clock, committed, faults), ...broken };
  const receiver = createReceiver<ShopEvents, Writes>({
    provider: shop(),
    store,
    clock,
    onOutcome: () => {},
    handlerTimeoutMs: 60_000,
  });
  const send = (): Promise<Result> => receiver.receive(shopDelivery(orderPaid()));
  return { clock, committed, faults, receiver, send, store };
}

const down = (): Promise<never> => Promise.reject(new Error("ECONNRESET"));

describe("a store with transactions", () => {
  test("gives all handlers, and the functions around them, one transaction that is committed with the claim", async () => {
    const { receiver, committed, send } = setUp();
    receiver.use((_event, { transaction }, next) => (transaction.add("around"), next()));
    receiver.on("order.paid", (event, { transaction }) => transaction.add(`first ${event.id}`));
    receiver.on("*", (_event, { transaction }) => transaction.add("second"));
    expect(summary(await send())).toBe("handled 200");
    expect(committed).toEqual(["around", "first evt_1", "around", "second"]);
    expect(summary(await send())).toBe("duplicate 200");
    expect(committed).toHaveLength(4);
  });

  test("commits nothing of a handler that fails; the event runs again", async () => {
    const { receiver, committed, send } = setUp();
    let runs = 0;
    receiver.on("*", (_event, { transaction }) => transaction.add("a"));
    receiver.on("*", () => {
      if (++runs === 1) throw new Error("no stock");
    });
    const failed = await send();
    expect(summary(failed)).toBe("failed 500 ERR_HANDLER_FAILED");
    expect(failed.error?.cause).toMatchObject({ message: "no stock" });
    expect(committed).toEqual([]);
    expect(await send()).toMatchObject({ outcome: "handled", attempt: 2 });
    expect(committed).toEqual(["a"]);
  });

  test("commits nothing for a claim that was lost, and does not keep the event in mind", async () => {
    const { receiver, committed, send, store } = setUp();
    let runs = 0;
    receiver.on("*", async (_event, { transaction }) => {
      transaction.add("a");
      if (++runs === 1) await store.close(); // the memory store forgets the claim
    });
    expect(summary(await send())).toBe("unavailable 503 ERR_CLAIM_LOST");
    expect(committed).toEqual([]);
    expect(summary(await send())).toBe("handled 200");
    expect(committed).toEqual(["a"]);
  });

  test("is unavailable when it cannot begin, and no handler runs", async () => {
    const { clock, receiver, send } = setUp({ begin: down });
    receiver.on("*", () => expect.unreachable());
    expect(summary(await send())).toBe("unavailable 503 ERR_STORE_UNAVAILABLE");
    expect(clock.timers).toBe(0);
  });

  test("is unavailable when it does not begin in time, and no handler runs if it does later", async () => {
    const late = Promise.withResolvers<void>();
    const { clock, receiver, send } = setUp({ begin: () => late.promise });
    receiver.on("*", () => expect.unreachable());
    const sending = send();
    await clock.advance(5000);
    expect(summary(await sending)).toBe("unavailable 503 ERR_STORE_UNAVAILABLE");
    late.resolve();
    await settled();
    expect(clock.timers).toBe(0);
  });

  test.each([
    ["fails", down, 0],
    ["hangs", () => new Promise<never>(() => {}), 5000],
  ])("is unavailable when its commit %s; what it made of it is told by the next delivery", async (_how, commit, ms) => {
    const { clock, committed, receiver, send } = setUp({ commit });
    receiver.on("*", (_event, { transaction }) => transaction.add("a"));
    const sending = send();
    await clock.advance(ms);
    expect(summary(await sending)).toBe("unavailable 503 ERR_STORE_UNAVAILABLE");
    expect(summary(await send())).toBe("duplicate 200");
    expect(committed).toEqual(["a"]);
  });

  test.each<[string, NonNullable<Store<Writes>["transact"]>, string]>([
    ["without its handlers", async () => true, "unavailable 503 ERR_STORE_UNAVAILABLE"],
    [
      "although its handlers failed",
      (_claim, work) =>
        work({ add: () => {} }).then(
          () => true,
          () => true,
        ),
      "failed 500 ERR_HANDLER_FAILED",
    ],
  ])("acknowledges nothing that it says it settled %s", async (_how, transact, expected) => {
    const { receiver, send } = setUp({}, { transact });
    receiver.on("*", () => Promise.reject(new Error("no stock")));
    expect(summary(await send())).toBe(expected);
  });

  test("is unavailable when it throws at once", async () => {
    const transact = (): never => {
      throw new Error("the pool has ended");
    };
    const { receiver, send } = setUp({}, { transact });
    receiver.on("*", () => expect.unreachable());
    const result = await send();
    expect(summary(result)).toBe("unavailable 503 ERR_STORE_UNAVAILABLE");
    expect(result.error?.cause).toMatchObject({ message: "the pool has ended" });
  });

  test("tells a store that it has given up, so that one whose commit hangs lets go of its connection", async () => {
    const letGo = Promise.withResolvers<string>();
    const commit = (signal: AbortSignal): Promise<void> =>
      new Promise(() => signal.addEventListener("abort", () => letGo.resolve("let go")));
    const { clock, receiver, send } = setUp({ commit });
    receiver.on("*", () => {});
    const sending = send();
    await clock.advance(5000);
    expect(summary(await sending)).toBe("unavailable 503 ERR_STORE_UNAVAILABLE");
    await expect(letGo.promise).resolves.toBe("let go");
  });

  test("rolls back a handler that is out of time, and gives the claim back once that one has ended", async () => {
    const { clock, committed, receiver, send } = setUp();
    const first = Promise.withResolvers<void>();
    let runs = 0;
    receiver.on("*", (_event, { transaction }) => {
      transaction.add(`run ${++runs}`);
      return runs === 1 ? first.promise : undefined;
    });
    const sending = send();
    await clock.advance(60_000);
    expect(summary(await sending)).toBe("failed 500 ERR_HANDLER_TIMEOUT");
    await settled();
    expect(summary(await send())).toBe("busy 503 ERR_EVENT_BUSY");
    first.resolve();
    await settled();
    expect(await send()).toMatchObject({ outcome: "handled", attempt: 2 });
    expect(committed).toEqual(["run 2"]);
  });
});
