import assert from "node:assert/strict";

import type { Claim, Store } from "@hooklatch/core";

import { longMs, take, withPlace } from "../bench.ts";
import type { StorePlace } from "../place.ts";

type MakePlace = () => Promise<StorePlace>;

/** The longest lease that core asks for, and ten years: nothing at all, where 32 bits count. */
const longestLeaseMs = 2 ** 31 - 1;
const decadeMs = 74 * 2 ** 32;

/** Of many that ask at once, one. */
export function oneWinner(makePlace: MakePlace): Promise<void> {
  return withPlace(makePlace, async ({ store, connect }) => {
    const stores = [store, await connect(), await connect(), await connect()];
    for (const key of ["first", "second", "third"]) {
      const asking = Array.from({ length: 50 }, () => stores.map(async (each) => each.claim(key, longMs, 1))).flat();
      assertOneWinner(await Promise.all(asking));
    }
  });
}

/** One of these claims is new; the others are told how long it may last. */
export function assertOneWinner(claims: readonly Claim[]): void {
  const winners = claims.filter(({ status }) => status === "new").length;
  assert.equal(winners, 1, `Of ${claims.length} claims of one key ${winners} were granted.`);
  for (const claim of claims) {
    if (claim.status === "new") continue;
    if (claim.status !== "busy") assert.fail(`A claim of a running event was answered ${claim.status}.`);
    assert.ok(claim.retryAfterMs > 0 && claim.retryAfterMs <= longMs, `The lease is to last ${claim.retryAfterMs} ms.`);
    assert.equal(claim.conflict, false);
  }
}

/** What was handled. */
export function settled(makePlace: MakePlace): Promise<void> {
  return withPlace(makePlace, async ({ store, connect }) => {
    const other = await connect();
    for (const keepMs of [longMs, decadeMs]) {
      const key = `event kept for ${keepMs}`;
      const { token } = await take(store, key, longestLeaseMs);
      assert.equal(await store.settle(key, token, keepMs), true, "A claim that is held was not settled.");
      for (const each of [store, other]) {
        assert.deepEqual(await each.claim(key, longMs, 1), { status: "duplicate", conflict: false });
      }
      assert.equal(await store.settle(key, token, longMs), false, "A settled claim was settled again.");
      assert.equal(await store.renew(key, token, longMs), false, "A settled claim was renewed.");
      await store.release(key, token);
      assert.equal((await store.claim(key, longMs, 1)).status, "duplicate", "A settled claim was released.");
    }
  });
}

/** What failed. */
export function released(makePlace: MakePlace): Promise<void> {
  return withPlace(makePlace, async ({ store, connect }) => {
    const first = await take(store, "event");
    await store.release("event", first.token);
    assert.equal(await store.settle("event", first.token, longMs), false, "A released claim was settled.");
    assert.equal(await store.renew("event", first.token, longMs), false, "A released claim was renewed.");
    const second = await take(await connect(), "event");
    assert.deepEqual([first.attempt, second.attempt], [1, 2], "The attempt before a release does not count.");
    assert.notEqual(second.token, first.token, "Two claims have one token.");
  });
}

/** Many events at a time. */
export function independence(makePlace: MakePlace): Promise<void> {
  return withPlace(makePlace, async ({ store }) => {
    const many = Array.from({ length: 500 }, (_, index) => `event ${index}`);
    const granted = await Promise.all(many.map((key) => take(store, key)));
    const ends = await Promise.all(
      many.map(async (key, index) => {
        const { token = "" } = granted[index] ?? {};
        return index % 2 === 0 ? store.settle(key, token, longMs) : store.release(key, token);
      }),
    );
    assert.ok(!ends.includes(false), "A claim that is held was not settled.");
    const after = await Promise.all(many.map(async (key) => store.claim(key, longMs, 1)));
    assert.deepEqual(
      after.map(({ status }) => status),
      many.map((_, index) => (index % 2 === 0 ? "duplicate" : "new")),
    );
  });
}

/** The end. */
export function close(makePlace: MakePlace): Promise<void> {
  return withPlace(makePlace, async ({ store, connect }) => {
    const other: Store = await connect();
    const { token } = await take(store, "event");
    await store.settle("event", token, longMs);
    await Promise.all([store.close(), store.close()]);
    await store.close();
    assert.equal((await other.claim("event", longMs, 1)).status, "duplicate");
    await take(other, "another");
  });
}
