import { describe, expect, test } from "vitest";

import { createReceiver } from "./create-receiver.ts";
import { memoryStore } from "./memory-store.ts";
import type { Store } from "./store.ts";
import { TestClock } from "./test-support/test-clock.ts";
import { orderPaid, shop, shopDelivery } from "./test-support/test-provider.ts";

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** A receiver of a shop whose ids stand for their events for as long as the test says. */
function setUp(keepMs: number | undefined, changes: Partial<Store> = {}) {
  const clock = new TestClock();
  const plain = shop();
  const provider = shop({ describe: (body, delivery) => ({ ...plain.describe(body, delivery), keepMs }) });
  let runs = 0;
  const store = { ...memoryStore({ clock }), ...changes };
  const receiver = createReceiver({ provider, clock, store, onOutcome: () => {} });
  receiver.on("*", () => void runs++);
  const outcome = async () => (await receiver.receive(shopDelivery(orderPaid()))).outcome;
  return { clock, outcome, runs: () => runs };
}

describe("an id that stands for its event for a minute only", () => {
  test("makes a duplicate of a copy within the minute, and a new event of one after it", async () => {
    const { clock, outcome, runs } = setUp(minuteMs);
    expect(await outcome()).toBe("handled");
    await clock.advance(59_999);
    expect(await outcome()).toBe("duplicate");
    await clock.advance(1);
    expect(await outcome()).toBe("handled");
    expect(runs()).toBe(2);
  });

  test("is not prolonged by duplicates", async () => {
    const { clock, outcome } = setUp(minuteMs);
    await outcome();
    for (const expected of ["duplicate", "handled", "duplicate"]) {
      await clock.advance(30_000);
      expect(await outcome()).toBe(expected);
    }
  });

  test("is forgotten in time by a process whose store could not be told", async () => {
    const { clock, outcome, runs } = setUp(minuteMs, { settle: () => Promise.reject(new Error("down")) });
    expect(await outcome()).toBe("unavailable");
    // By then the lease has ended as well.
    await clock.advance(61_000);
    expect(await outcome()).toBe("unavailable");
    expect(runs()).toBe(2);
  });
});

test("an id is kept for longer than its receiver's keepMs when its provider says so", async () => {
  const { clock, outcome } = setUp(60 * dayMs);
  await outcome();
  await clock.advance(60 * dayMs - 1);
  expect(await outcome()).toBe("duplicate");
});

test("an id of which the provider says nothing is kept for the receiver's keepMs", async () => {
  const { clock, outcome } = setUp(undefined);
  await outcome();
  await clock.advance(30 * dayMs - 1);
  expect(await outcome()).toBe("duplicate");
  await clock.advance(1);
  expect(await outcome()).toBe("handled");
});
