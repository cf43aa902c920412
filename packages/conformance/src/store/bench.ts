import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

import type { Claim, Store } from "@hooklatch/core";

import type { StorePlace } from "./place.ts";

/** A lease that outlasts any case. */
export const longMs = 60_000;

/** A lease that a case waits for. Nothing may have to happen within it: the machine may be slow. */
export const shortMs = 250;

/** By how much a store may be early: some keep time in ticks, and its clock is not the one that is measured with. */
export const tickMs = 25;

/** How much later than it should a key may be free. */
const patienceMs = 5_000;

/** A claim that was granted. */
export type Granted = Extract<Claim, { readonly status: "new" }>;

/** The place of one case, with one connection open. */
export interface Bench {
  readonly place: StorePlace;
  readonly store: Store;
  /** Another connection to the same place. */
  readonly connect: () => Promise<Store>;
}

/** Makes a place, has the case run, and takes everything away whatever comes of it. */
export async function withPlace(
  makePlace: () => Promise<StorePlace>,
  run: (bench: Bench) => Promise<void>,
): Promise<void> {
  const place = await makePlace();
  const open: Store[] = [];
  const connect = async (): Promise<Store> => {
    const store = await place.open();
    open.push(store);
    return store;
  };
  try {
    await run({ place, store: await connect(), connect });
  } finally {
    try {
      for (const store of open) await store.close();
    } finally {
      await place.remove();
    }
  }
}

/** Claims a key that MUST be free. */
export async function take(store: Store, key: string, leaseMs = longMs, fingerprint = 1): Promise<Granted> {
  const claim = await store.claim(key, leaseMs, fingerprint);
  if (claim.status !== "new") assert.fail(`A claim of a free key was answered ${claim.status}.`);
  assert.equal(typeof claim.token, "string");
  return claim;
}

/** What is known of a key that will be free again. */
interface Held {
  /** When it was asked for what holds it, by `performance.now()`. */
  readonly sinceMs: number;
  readonly forMs: number;
  /** What claims are answered until then. */
  readonly meanwhile: "busy" | "duplicate";
}

/** Claims a key until it is granted, which MUST NOT be before its time, and not much later. */
export async function takeWhenFree(store: Store, key: string, held: Held): Promise<Granted> {
  for (;;) {
    const claim = await store.claim(key, longMs, 1);
    const passedMs = Math.round(performance.now() - held.sinceMs);
    if (claim.status === "new") {
      assert.ok(passedMs >= held.forMs - tickMs, `A key was free after ${passedMs} ms, not after ${held.forMs}.`);
      return claim;
    }
    assert.equal(claim.status, held.meanwhile);
    assert.ok(passedMs < held.forMs + patienceMs, `A key was still ${claim.status} after ${passedMs} ms.`);
    await sleep(10);
  }
}

/** Waits until a lease that was just given has ended on any clock. */
export function waitOut(ms: number): Promise<void> {
  return sleep(ms + 4 * tickMs);
}
