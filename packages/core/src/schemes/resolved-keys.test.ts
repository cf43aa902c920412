import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { BackendError, ConfigError } from "../errors.ts";
import { refusalOf } from "../test-support/caught.ts";
import { ResolvedKeys } from "./resolved-keys.ts";
import type { SourceOptions } from "./resolved-keys.ts";

const minute = 60_000;

/** Reads a key as the schemes do: what is empty is a missing secret, what is broken is an invalid key. */
function read(given: string): string {
  if (given === "") throw new ConfigError("ERR_SECRET_MISSING", "It is empty.");
  if (given === "broken") throw new ConfigError("ERR_KEY_INVALID", "It is broken.");
  return `<${given}>`;
}

/** A source whose answers the test gives, and the keys that come of it. */
function sourceOf(answer: string | readonly string[], options: SourceOptions = {}) {
  const source = { calls: 0, answer: async (): Promise<string | readonly string[]> => answer };
  const resolve = (): Promise<string | readonly string[]> => {
    source.calls++;
    return source.answer();
  };
  return { source, keys: new ResolvedKeys(resolve, read, options) };
}

describe("the cache", () => {
  test("asks when it is first needed, and once for five minutes", async () => {
    const { source, keys } = sourceOf("a");
    expect(source.calls).toBe(0);
    for (const nowMs of [0, 1, 5 * minute - 1]) expect(await keys.current(nowMs)).toEqual(["<a>"]);
    expect(source.calls).toBe(1);
    await keys.current(5 * minute);
    expect(source.calls).toBe(2);
  });

  test("keeps keys for as long as it is told, also not at all", async () => {
    const brief = sourceOf(["a", "b"], { cacheMs: 10 });
    expect(await brief.keys.current(0)).toEqual(["<a>", "<b>"]);
    await brief.keys.current(9);
    await brief.keys.current(10);
    expect(brief.source.calls).toBe(2);

    const none = sourceOf("a", { cacheMs: 0 });
    await none.keys.current(0);
    await none.keys.current(0);
    expect(none.source.calls).toBe(2);
  });

  test("shares one question between a hundred deliveries that wait for it", async () => {
    const { source, keys } = sourceOf("a");
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? keys.current(0) : keys.refreshed(0))),
    );
    expect(source.calls).toBe(1);
    expect(new Set(answers.flat())).toEqual(new Set(["<a>"]));
  });
});

test("a resolver that itself finds that its secret is missing has none", async () => {
  const { source, keys } = sourceOf("a");
  source.answer = async () => {
    throw new ConfigError("ERR_SECRET_MISSING", "It is empty.");
  };
  expect(await refusalOf(() => keys.current(0))).toBe("ERR_KEY_SOURCE_EMPTY 503");
});

describe("after a signature that fitted no key", () => {
  test("the keys are asked for anew, but not within the cooldown", async () => {
    const { source, keys } = sourceOf("old");
    await keys.current(0);
    source.answer = async () => "new";
    expect(await keys.refreshed(minute - 1)).toEqual([]);
    expect(source.calls).toBe(1);
    expect(await keys.refreshed(minute)).toEqual(["<new>"]);
    expect(await keys.current(minute + 1)).toEqual(["<new>"]);
    expect(source.calls).toBe(2);
  });

  test("a thousand forgeries cause one question a minute", async () => {
    const { source, keys } = sourceOf("a");
    for (let nowMs = 0; nowMs < 4 * minute; nowMs += 240) {
      await keys.current(nowMs);
      await keys.refreshed(nowMs);
    }
    expect(source.calls).toBe(4);
  });

  test("keys that were good stay good when the source then answers with nothing, nonsense or an error", async () => {
    for (const answer of [
      async () => [],
      async () => "",
      async () => "broken",
      () => Promise.reject(new Error("down")),
    ]) {
      const { source, keys } = sourceOf("a");
      await keys.current(0);
      source.answer = answer;
      expect(await refusalOf(() => keys.refreshed(minute))).toMatch(/^ERR_KEY_SOURCE_\w+ 503$/);
      expect(await keys.current(minute + 1)).toEqual(["<a>"]);
    }
  });
});

describe("a source that fails", () => {
  test.each([
    ["rejects", () => Promise.reject(new Error("vault: 403")), "ERR_KEY_SOURCE_UNAVAILABLE 503"],
    ["rejects with nothing", () => Promise.reject(), "ERR_KEY_SOURCE_UNAVAILABLE 503"],
    [
      "throws at once",
      () => {
        throw new Error("no network");
      },
      "ERR_KEY_SOURCE_UNAVAILABLE 503",
    ],
    ["answers with what cannot be used", async () => ["a", "broken"], "ERR_KEY_SOURCE_UNAVAILABLE 503"],
    ["answers with no key", async () => [], "ERR_KEY_SOURCE_EMPTY 503"],
    ["answers with an empty key", async () => ["a", ""], "ERR_KEY_SOURCE_EMPTY 503"],
  ])("because it %s makes the delivery wait", async (_what, answer: () => Promise<readonly string[]>, refusal) => {
    const { source, keys } = sourceOf("a");
    source.answer = answer;
    expect(await refusalOf(() => keys.current(0))).toBe(refusal);
  });

  test("is asked again every five seconds and no more often, however many deliveries come", async () => {
    const { source, keys } = sourceOf("a");
    const good = source.answer;
    source.answer = () => Promise.reject(new Error("down"));
    for (let nowMs = 0; nowMs < 10_000; nowMs += 100) await refusalOf(() => keys.current(nowMs));
    expect(source.calls).toBe(2);
    source.answer = good;
    expect(await keys.current(10_000)).toEqual(["<a>"]);
  });

  test("is left alone for as long as its scheme says", async () => {
    const { source, keys } = sourceOf("a", { failurePauseMs: 30_000 });
    source.answer = () => Promise.reject(new Error("down"));
    for (let nowMs = 0; nowMs < 60_000; nowMs += 500) await refusalOf(() => keys.current(nowMs));
    expect(source.calls).toBe(2);
  });

  test("after a good answer leaves open whether there is a newer key, until it answers again", async () => {
    const { source, keys } = sourceOf("a");
    const good = source.answer;
    await keys.current(0);
    source.answer = () => Promise.reject(new Error("down"));
    for (const nowMs of [minute, minute + 1, 2 * minute - 1]) {
      expect(await refusalOf(() => keys.refreshed(nowMs))).toBe("ERR_KEY_SOURCE_UNAVAILABLE 503");
      expect(await keys.current(nowMs)).toEqual(["<a>"]);
    }
    expect(source.calls).toBe(2);
    source.answer = good;
    await keys.refreshed(2 * minute);
    expect(await keys.refreshed(2 * minute + 1)).toEqual([]);
  });

  test("keeps what it threw as the cause, for the operator", async () => {
    const { source, keys } = sourceOf("a");
    const cause = new Error("vault: 403");
    source.answer = () => Promise.reject(cause);
    await expect(keys.current(0)).rejects.toMatchObject({ cause });
    await expect(keys.current(1)).rejects.toBeInstanceOf(BackendError);
  });

  test("is asked with a reader that breaks as well, and not for ever again", async () => {
    let calls = 0;
    const keys = new ResolvedKeys(
      async () => {
        calls++;
        return "a";
      },
      (): string => {
        throw new TypeError("a bug");
      },
      {},
    );
    expect(await refusalOf(() => keys.current(0))).toBe("ERR_KEY_SOURCE_UNAVAILABLE 503");
    expect(await refusalOf(() => keys.current(1))).toBe("ERR_KEY_SOURCE_UNAVAILABLE 503");
    expect(calls).toBe(1);
  });
});

describe("a source that does not answer", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("is given up after ten seconds, by all who wait, and its late answer harms nothing", async () => {
    const { source, keys } = sourceOf("a");
    let answerLate: (keys: string) => void = () => {};
    source.answer = () =>
      new Promise((resolve) => {
        answerLate = resolve;
      });
    const waiting = Promise.all([refusalOf(() => keys.current(0)), refusalOf(() => keys.current(5))]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await waiting).toEqual(["ERR_KEY_SOURCE_UNAVAILABLE 503", "ERR_KEY_SOURCE_UNAVAILABLE 503"]);
    expect(vi.getTimerCount()).toBe(0);

    answerLate("late");
    source.answer = async () => "b";
    expect(await keys.current(20_000)).toEqual(["<b>"]);
    expect(source.calls).toBe(2);
  });
});

test("lets a hundred deliveries wait for a slow source, and tells the next one to come again", async () => {
  const source = Promise.withResolvers<string>();
  const keys = new ResolvedKeys(
    () => source.promise,
    (key: string) => key,
    {},
  );
  const waiting = Array.from({ length: 100 }, () => keys.current(0));
  await expect(keys.current(0)).rejects.toMatchObject({ code: "ERR_OVERLOADED", status: 503 });
  source.resolve("key");
  expect(await Promise.all(waiting)).toEqual(Array.from({ length: 100 }, () => ["key"]));
  expect(await keys.current(0)).toEqual(["key"]);
});
