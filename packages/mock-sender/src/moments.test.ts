import { describe, expect, it } from "vitest";

import { createMoments } from "./moments.ts";
import { createVirtualClock } from "./virtual-clock.ts";

const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe("createMoments", () => {
  it("counts from 1 and puts every event in a second of its own", () => {
    const next = createMoments(createVirtualClock(5_500));
    const seconds = [next(), next(), next()].map(({ sequence, atMs }) => [sequence, Math.floor(atMs / 1000)]);
    expect(seconds).toEqual([
      [1, 5],
      [2, 6],
      [3, 7],
    ]);
  });

  it("follows the clock when it has moved on further", async () => {
    const clock = createVirtualClock(0);
    const next = createMoments(clock);
    next();
    await clock.advance(60_000);
    expect(next().atMs).toBe(60_000);
  });

  it("makes identifiers in the form of a UUID, one for each label and moment", () => {
    const next = createMoments(createVirtualClock(0));
    const [first, second] = [next(), next()];
    const identifiers = [first.uuid("a"), first.uuid("b"), second.uuid("a"), second.uuid("b")];
    for (const identifier of identifiers) expect(identifier).toMatch(uuidForm);
    expect(new Set(identifiers).size).toBe(4);
    expect(first.uuid("a")).toBe(identifiers[0]);
  });

  it("makes the same identifiers for the same seed and time", () => {
    const [one, other] = [1, 2].map(() => createMoments(createVirtualClock(0), "fixed")().uuid("a"));
    expect(one).toBe(other);
  });

  it("makes other identifiers for each sender without a seed, even at the same time", () => {
    const [one, other] = [1, 2].map(() => createMoments(createVirtualClock(0))().uuid("a"));
    expect(one).not.toBe(other);
  });

  it("makes other identifiers at another time, so that a second run is no duplicate of the first", () => {
    const [one, other] = [0, 1].map((startMs) => createMoments(createVirtualClock(startMs), "fixed")().uuid("a"));
    expect(one).not.toBe(other);
  });
});
