import { beforeEach, describe, expect, test, vi } from "vitest";

import { memoryStore } from "./memory-store.ts";
import type { EarlyEviction, MemoryStore, MemoryStoreOptions } from "./memory-store.ts";
import type { Claim } from "./store.ts";
import { thrownBy } from "./test-support/caught.ts";
import { TestClock } from "./test-support/test-clock.ts";

const dayMs = 86_400_000;

let clock: TestClock;
let store: MemoryStore;

beforeEach(() => {
  clock = new TestClock();
  store = memoryStore({ clock, maxIds: 100 });
});

const claim = (key = "k", fingerprint = 1): Claim => {
  const answer = store.claim(key, 1000, fingerprint);
  if (answer instanceof Promise) expect.unreachable("The memory store answers at once.");
  return answer;
};

/** Claims a key that must be free, and gives the token. */
const take = (key = "k"): string => {
  const answer = claim(key);
  return answer.status === "new" ? answer.token : expect.unreachable(`${key} is ${answer.status}`);
};

describe("a claim", () => {
  test("is granted to one of two hundred that come at once", async () => {
    const answers = await Promise.all(Array.from({ length: 200 }, async () => claim()));
    const granted = answers.filter(({ status }) => status === "new");
    expect(granted).toEqual([{ status: "new", token: expect.any(String), attempt: 1 }]);
    expect(answers.filter(({ status }) => status === "busy")).toHaveLength(199);
  });

  test("of one key says nothing about another", () => {
    expect(take("a")).not.toBe(take("b"));
    expect(take("__proto__")).not.toBe(take("constructor"));
  });

  test("of a running event is busy for as long as its lease lasts", async () => {
    take();
    await clock.advance(400);
    expect(claim()).toEqual({ status: "busy", conflict: false, retryAfterMs: 600 });
    await clock.advance(599);
    expect(claim()).toMatchObject({ status: "busy", retryAfterMs: 1 });
    await clock.advance(1);
    expect(claim()).toMatchObject({ status: "new", attempt: 2 });
  });

  test("of a settled event is a duplicate for exactly as long as it is kept", async () => {
    expect(store.settle("k", take(), 5000)).toBe(true);
    await clock.advance(4999);
    expect(claim()).toEqual({ status: "duplicate", conflict: false });
    await clock.advance(1);
    expect(claim()).toMatchObject({ status: "new", attempt: 1 });
  });

  test("of a released event runs at once and counts", () => {
    for (let attempt = 1; attempt <= 3; attempt++) {
      const answer = claim();
      expect(answer).toMatchObject({ status: "new", attempt });
      if (answer.status === "new") void store.release("k", answer.token);
    }
  });

  test("does not count attempts of more than a week ago", async () => {
    void store.release("k", take());
    await clock.advance(7 * dayMs - 1);
    const answer = claim();
    expect(answer).toMatchObject({ attempt: 2 });
    if (answer.status === "new") void store.release("k", answer.token);
    await clock.advance(7 * dayMs);
    expect(claim()).toMatchObject({ attempt: 1 });
  });

  test("notices another body under the same key, and keeps the first", () => {
    const token = take();
    expect(claim("k", 2)).toMatchObject({ status: "busy", conflict: true });
    void store.settle("k", token, 5000);
    expect(claim("k", 2)).toEqual({ status: "duplicate", conflict: true });
    expect(claim("k", 1)).toEqual({ status: "duplicate", conflict: false });
  });
});

describe("a token", () => {
  test("that was overtaken settles, renews and releases nothing", async () => {
    const old = take();
    await clock.advance(1000);
    const current = take();
    expect(store.settle("k", old, 5000)).toBe(false);
    expect(store.renew("k", old, 5000)).toBe(false);
    void store.release("k", old);
    expect(claim()).toMatchObject({ status: "busy" });
    expect(store.settle("k", current, 5000)).toBe(true);
  });

  test("whose lease has ended is worth nothing, even if nobody else has claimed", async () => {
    const token = take();
    await clock.advance(1000);
    expect(store.settle("k", token, 5000)).toBe(false);
    expect(store.renew("k", token, 5000)).toBe(false);
    expect(claim()).toMatchObject({ status: "new", attempt: 2 });
  });

  test("is spent once it has settled or released", () => {
    const settled = take("a");
    void store.settle("a", settled, 5000);
    expect(store.settle("a", settled, 9000)).toBe(false);
    expect(store.renew("a", settled, 9000)).toBe(false);
    void store.release("a", settled);
    expect(claim("a")).toMatchObject({ status: "duplicate" });

    const released = take("b");
    void store.release("b", released);
    expect(store.settle("b", released, 5000)).toBe(false);
    expect(store.renew("b", released, 5000)).toBe(false);
  });

  test("of another key or of nobody does nothing", () => {
    const token = take("a");
    take("b");
    for (const odd of ["", "0", "NaN", `${token} `, `0${token}`]) expect(store.settle("a", odd, 5000)).toBe(false);
    expect(store.settle("b", token, 5000)).toBe(false);
    expect(store.settle("unheard of", token, 5000)).toBe(false);
  });

  test("prolongs its lease from now on", async () => {
    const token = take();
    await clock.advance(900);
    expect(store.renew("k", token, 1000)).toBe(true);
    await clock.advance(999);
    expect(claim()).toMatchObject({ status: "busy", retryAfterMs: 1 });
    expect(store.settle("k", token, 5000)).toBe(true);
  });
});

describe("bounds", () => {
  const bounded = (options: MemoryStoreOptions = {}): EarlyEviction[] => {
    const reports: EarlyEviction[] = [];
    store = memoryStore({ clock, maxIds: 3, onEarlyEviction: (report) => void reports.push(report), ...options });
    return reports;
  };

  test("hold no more ids than they say, whatever comes", () => {
    bounded();
    for (let index = 0; index < 10_000; index++) void store.settle(`k${index}`, take(`k${index}`), dayMs);
    expect(store.size).toBe(3);
  });

  test("report an id that goes too early, with the numbers", async () => {
    const reports = bounded();
    void store.settle("settled", take("settled"), 5000);
    take("running");
    void store.release("released", take("released"));
    await clock.advance(400);
    for (const key of ["x", "y", "z"]) take(key);
    expect(reports).toEqual([
      { running: false, remainingMs: 4600, maxIds: 3 },
      { running: true, remainingMs: 600, maxIds: 3 },
    ]);
  });

  test("report nothing of an id that had served its time, nor of one that is claimed anew", async () => {
    const reports = bounded();
    void store.settle("a", take("a"), 5000);
    take("b");
    await clock.advance(5000);
    for (const key of ["b", "x", "y"]) take(key);
    void store.close();
    expect(reports).toEqual([]);
  });

  test("let the id go that was asked for longest ago", () => {
    bounded();
    for (const key of ["a", "b", "c"]) void store.settle(key, take(key), dayMs);
    claim("a");
    take("d");
    expect(claim("a")).toMatchObject({ status: "duplicate" });
    expect(claim("b")).toMatchObject({ status: "new" });
  });

  test("warn the process once where nobody listens", () => {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    store = memoryStore({ clock, maxIds: 1 });
    for (const key of ["a", "b", "c"]) void store.settle(key, take(key), 7 * 3_600_000);
    expect(warn.mock.calls).toEqual([
      [expect.stringMatching(/its 1 ids .* by 7 h/), { type: "HooklatchWarning", code: "HOOKLATCH_EARLY_EVICTION" }],
    ]);
  });

  test("survive a listener that throws", () => {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    const onEarlyEviction = (): never => {
      throw new Error("listener");
    };
    bounded({ onEarlyEviction });
    for (const key of ["a", "b", "c", "d", "e"]) void store.settle(key, take(key), dayMs);
    expect(store.size).toBe(3);
    expect(claim("e")).toMatchObject({ status: "duplicate" });
    expect(warn).toHaveBeenCalledTimes(2);
  });

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])("cannot be %d", (maxIds) => {
    const error = thrownBy(() => memoryStore({ maxIds }));
    expect(error).toMatchObject({ name: "ConfigError", code: "ERR_OPTION_INVALID", status: 500 });
    expect(error.message).toContain("maxIds");
  });
});

test("closing frees everything, twice as well", () => {
  take("a");
  void store.close();
  void store.close();
  expect(store.size).toBe(0);
});

test("says how far its memory reaches", () => {
  expect(store.scope).toBe("one process");
});
