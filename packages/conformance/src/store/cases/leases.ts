import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

import { longMs, shortMs, take, takeWhenFree, tickMs, waitOut, withPlace } from "../bench.ts";
import type { StorePlace } from "../place.ts";

type MakePlace = () => Promise<StorePlace>;

/** How long an event that was handled is remembered: longer than its lease, or shorter. */
export function keepTime(makePlace: MakePlace): Promise<void> {
  return withPlace(makePlace, async ({ store }) => {
    const times = [
      { leaseMs: 4 * shortMs, forMs: 6 * shortMs },
      { leaseMs: longMs, forMs: shortMs },
    ];
    for (const { leaseMs, forMs } of times) {
      const key = `event kept for ${forMs}`;
      const { token } = await take(store, key, leaseMs);
      const sinceMs = performance.now();
      assert.equal(await store.settle(key, token, forMs), true, "A claim that is held was not settled.");
      const again = await takeWhenFree(store, key, { sinceMs, forMs, meanwhile: "duplicate" });
      assert.equal(again.attempt, 1, "An event after its time is a new one.");
      assert.notEqual(again.token, token, "Two claims have one token.");
    }
  });
}

/** Leases end by themselves. */
export function leaseEnd(makePlace: MakePlace): Promise<void> {
  return withPlace(makePlace, async ({ store, connect }) => {
    const other = await connect();
    const sinceMs = performance.now();
    await take(store, "long", longMs);
    const answer = await other.claim("long", longMs, 1);
    const restMs = Math.floor(longMs - (performance.now() - sinceMs));
    if (answer.status !== "busy") assert.fail(`A claim of a running event was answered ${answer.status}.`);
    assert.ok(answer.retryAfterMs > restMs - tickMs, `A lease of ${restMs} ms is to last ${answer.retryAfterMs} ms.`);

    const startMs = performance.now();
    await take(store, "event", 2 * shortMs);
    const next = await takeWhenFree(other, "event", { sinceMs: startMs, forMs: 2 * shortMs, meanwhile: "busy" });
    assert.equal(next.attempt, 2, "An attempt that never ended does not count.");
  });
}

/** A holder that was only slow. */
export function fencing(makePlace: MakePlace): Promise<void> {
  return withPlace(makePlace, async ({ store, connect }) => {
    const other = await connect();
    const late = await take(store, "event", shortMs);
    await waitOut(shortMs);
    assert.equal(await store.renew("event", late.token, longMs), false, "A lease that has ended was renewed.");
    assert.equal(await store.settle("event", late.token, longMs), false, "A lease that has ended was settled.");
    const now = await take(other, "event");
    assert.notEqual(now.token, late.token, "Two claims have one token.");
    assert.equal(await store.renew("event", late.token, longMs), false, "An old token renewed another's lease.");
    assert.equal(await store.settle("event", late.token, longMs), false, "An old token settled another's claim.");
    await store.release("event", late.token);
    assert.equal((await store.claim("event", longMs, 1)).status, "busy", "An old token released another's claim.");
    for (const token of ["", "0", "-1", "odd", "9".repeat(40), `${now.token}0`, ` ${now.token}`]) {
      assert.equal(await store.settle("event", token, longMs), false, "A token that never was settled a claim.");
    }
    assert.equal(await store.settle("nobody's", now.token, longMs), false, "A token settled another key.");
    assert.equal(await other.settle("event", now.token, longMs), true, "The newest token could not settle.");
  });
}

/** A lease while its handler runs. */
export function renewal(makePlace: MakePlace): Promise<void> {
  return withPlace(makePlace, async ({ store }) => {
    const leaseMs = 6 * shortMs;
    const { token } = await take(store, "event", leaseMs);
    for (let round = 0; round < 4; round++) {
      await sleep(2 * shortMs);
      assert.equal(await store.renew("event", token, leaseMs), true, "A lease that lasts was not renewed.");
      assert.equal((await store.claim("event", longMs, 1)).status, "busy", "A renewed lease was handed over.");
    }
    assert.equal(await store.renew("event", token, longMs), true, "A lease that lasts was not renewed.");
    const sinceMs = performance.now();
    assert.equal(await store.renew("event", token, shortMs), true, "A lease that lasts was not renewed.");
    // It lasts from now on, not from its former end.
    const next = await takeWhenFree(store, "event", { sinceMs, forMs: shortMs, meanwhile: "busy" });
    assert.equal(next.attempt, 2);
    assert.equal(await store.renew("event", token, longMs), false, "An old token renewed another's lease.");
  });
}

/** How often an event was tried. */
export function attempts(makePlace: MakePlace): Promise<void> {
  return withPlace(makePlace, async ({ store }) => {
    for (let attempt = 1; attempt <= 6; attempt++) {
      const claim = await take(store, "event", attempt % 2 === 0 ? shortMs : longMs);
      assert.equal(claim.attempt, attempt, "An attempt does not count.");
      if (attempt % 2 === 0) await waitOut(shortMs);
      else await store.release("event", claim.token);
    }
    assert.equal((await take(store, "another")).attempt, 1);
  });
}
