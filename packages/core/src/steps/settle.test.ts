import { describe, expect, test } from "vitest";

import { refusalOf } from "../test-support/caught.ts";
import { settled, TestClock } from "../test-support/test-clock.ts";
import { Unsettled } from "../unsettled.ts";
import { abandon, settle } from "./settle.ts";
import type { HeldClaim } from "./settle.ts";

/** A store that writes down what it is told, and answers as the test says. */
function setUp(answer: () => Promise<boolean> = async () => true) {
  const calls: string[] = [];
  const clock = new TestClock();
  const unsettled = new Unsettled();
  const knows = (key: string): boolean => unsettled.has(key, clock.nowMs());
  const store = {
    settle(key: string, token: string, keepMs: number) {
      calls.push(`settle ${key} ${token} for ${keepMs} ms`);
      return answer();
    },
    async release(key: string, token: string) {
      calls.push(`release ${key} ${token}`);
      await answer();
    },
  };
  return { calls, clock, unsettled, knows, options: { store, unsettled, settings: { clock } } };
}

const held: HeldClaim = { key: "k", token: "7", attempt: 1, keepMs: 90_000, askedAtMs: 0 };
const down = (): Promise<never> => Promise.reject(new Error("down"));

describe("settling", () => {
  test("has the store remember the event and forgets it itself", async () => {
    const { calls, knows, options } = setUp();
    await settle(held, options);
    expect(calls).toEqual(["settle k 7 for 90000 ms"]);
    expect(knows("k")).toBe(false);
  });

  test("remembers in this process what the store refused or could not be told", async () => {
    const lost = setUp(async () => false);
    expect(await refusalOf(() => settle(held, lost.options))).toBe("ERR_CLAIM_LOST 503");
    expect(lost.knows("k")).toBe(true);

    const away = setUp(down);
    await expect(settle(held, away.options)).rejects.toThrow("down");
    expect(away.knows("k")).toBe(true);
  });

  test("remembers it in this process no longer than the store would have", async () => {
    const { clock, knows, options } = setUp(down);
    await expect(settle({ ...held, keepMs: 60_000 }, options)).rejects.toThrow("down");
    await clock.advance(59_999);
    expect(knows("k")).toBe(true);
    await clock.advance(1);
    expect(knows("k")).toBe(false);
  });
});

describe("abandoning", () => {
  test("gives the claim back", async () => {
    const { calls, options } = setUp();
    await abandon(held, options);
    expect(calls).toEqual(["release k 7"]);
  });

  test("does not mind a store that is away", async () => {
    const { calls, options } = setUp(down);
    await abandon(held, options);
    expect(calls).toEqual(["release k 7"]);
  });

  test("keeps the claim of an event whose handlers succeeded", async () => {
    const { calls, clock, unsettled, options } = setUp();
    unsettled.add("k", clock.nowMs() + 1);
    await abandon(held, options);
    expect(calls).toEqual([]);
  });
});

describe("abandoning handlers that are still at it", () => {
  test("settles when they succeed after all", async () => {
    const { calls, options } = setUp();
    const work = Promise.withResolvers<void>();
    await abandon({ ...held, late: work.promise }, options);
    await settled();
    expect(calls).toEqual([]);
    work.resolve();
    await settled();
    expect(calls).toEqual(["settle k 7 for 90000 ms"]);
  });

  test("gives the claim back when they fail", async () => {
    const { calls, options } = setUp();
    const work = Promise.withResolvers<void>();
    await abandon({ ...held, late: work.promise }, options);
    work.reject(new Error("late"));
    await settled();
    expect(calls).toEqual(["release k 7"]);
  });

  test.each(["resolve", "reject"] as const)(
    "leaves no rejection unhandled when they %s and the store is away",
    async (end) => {
      const { calls, options } = setUp(down);
      const work = Promise.withResolvers<void>();
      await abandon({ ...held, late: work.promise }, options);
      work[end]();
      await settled();
      expect(calls).toHaveLength(1);
    },
  );
});
