import { describe, expect, test } from "vitest";

import { refusalOf, thrownBy } from "../test-support/caught.ts";
import { KeySource } from "./key-source.ts";

const upper = (text: string): string => text.toUpperCase();
const equals = (wanted: string) => (key: string) => key === wanted;
const down = (): Promise<never> => Promise.reject(new Error("down"));

test("reads each fixed key once, at the start", () => {
  const given: string[] = [];
  const source = new KeySource(["a", "b"], (key: string) => void given.push(key), {});
  void source.some(() => false, 0);
  void source.some(() => false, 1);
  expect(given).toEqual(["a", "b"]);
});

test("finds the key that fits among fixed ones at once", () => {
  const source = new KeySource(["a", "b"], upper, {});
  expect(source.some(equals("B"), 0)).toBe(true);
  expect(source.some(equals("C"), 0)).toBe(false);
});

test("asks no resolver while a fixed key fits", async () => {
  let calls = 0;
  const resolve = async (): Promise<string> => {
    calls++;
    return "b";
  };
  const source = new KeySource([resolve, "a"], upper, {});
  expect(source.some(equals("A"), 0)).toBe(true);
  expect(calls).toBe(0);
  expect(await source.some(equals("B"), 0)).toBe(true);
  expect(calls).toBe(1);
});

test("finds a key that was rotated since, by asking anew", async () => {
  let answer = "old";
  const source = new KeySource(async () => answer, upper, {});
  expect(await source.some(equals("OLD"), 0)).toBe(true);
  answer = "new";
  expect(await source.some(equals("NEW"), 60_000)).toBe(true);
});

describe("one key after the other", () => {
  const listed = async (source: KeySource<string, string>, nowMs: number): Promise<readonly string[]> => {
    const keys: string[] = [];
    for await (const key of source.each(nowMs)) keys.push(key);
    return keys;
  };

  test("come those of the start, those that are cached, and those that are asked for anew", async () => {
    let answer = ["b"];
    const source = new KeySource([async () => answer, "a"], upper, {});
    expect(await listed(source, 0)).toEqual(["A", "B"]);
    answer = ["b", "c"];
    expect(await listed(source, 59_999)).toEqual(["A", "B"]);
    expect(await listed(source, 60_000)).toEqual(["A", "B", "B", "C"]);
  });

  test("no resolver is asked when the first ones are enough", async () => {
    let calls = 0;
    const resolve = async (): Promise<string> => `${++calls}`;
    const source = new KeySource(["a", resolve], upper, {});
    for await (const key of source.each(0)) {
      if (key === "A") break;
    }
    expect(calls).toBe(0);
  });

  test("a resolver that is down is told at the end, after the keys of the others", async () => {
    const keys: string[] = [];
    const source = new KeySource([down, async () => "a"], upper, {});
    const read = async (): Promise<void> => {
      for await (const key of source.each(0)) keys.push(key);
    };
    expect(await refusalOf(read)).toBe("ERR_KEY_SOURCE_UNAVAILABLE 503");
    expect(keys).toEqual(["A"]);
  });
});

describe("with several resolvers", () => {
  test("asks the next when the keys of one do not fit", async () => {
    const source = new KeySource([async () => "a", async () => ["b", "c"]], upper, {});
    expect(await source.some(equals("C"), 0)).toBe(true);
    expect(await source.some(equals("D"), 0)).toBe(false);
  });

  test("does not mind one that is down while another has the key", async () => {
    expect(await new KeySource([down, async () => "a"], upper, {}).some(equals("A"), 0)).toBe(true);
    expect(await new KeySource([async () => "a", down], upper, {}).some(equals("A"), 0)).toBe(true);
  });

  test("says unavailable, not refused, when one that is down might have had the key", async () => {
    for (const keys of [
      [down, async () => "a"],
      [async () => "a", down],
    ]) {
      const source = new KeySource(keys, upper, {});
      expect(await refusalOf(() => source.some(equals("B"), 0))).toBe("ERR_KEY_SOURCE_UNAVAILABLE 503");
    }
  });
});

test("refuses an empty list at the start", () => {
  expect(thrownBy(() => new KeySource([], upper, {}))).toMatchObject({
    name: "ConfigError",
    code: "ERR_SECRET_MISSING",
  });
});

test("does not take a check that breaks for a source that is down", async () => {
  const source = new KeySource(async () => "a", upper, {});
  const check = (): boolean => {
    throw new TypeError("a bug");
  };
  await expect(source.some(check, 0)).rejects.toThrow(TypeError);
});
