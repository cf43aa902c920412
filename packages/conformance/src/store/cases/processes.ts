import assert from "node:assert/strict";

import type { Claim } from "@hooklatch/core";

import { longMs, take, takeWhenFree, withPlace } from "../bench.ts";
import type { StorePlace } from "../place.ts";
import { startProcess } from "../process/child.ts";
import type { StoreProcess } from "../process/child.ts";
import { assertOneWinner } from "./claims.ts";

type MakePlace = () => Promise<StorePlace>;

/** Of many processes that ask at once, one. */
export function oneWinnerElsewhere(makePlace: MakePlace): Promise<void> {
  return withPlace(makePlace, ({ place }) =>
    withProcesses(place, { count: 4 }, async (processes) => {
      const keys = Array.from({ length: 20 }, (_, index) => `event ${index}`);
      const answers = await Promise.all(processes.map((each) => claimIn(each, keys, 50)));
      for (const [index] of keys.entries()) {
        assertOneWinner(answers.flatMap((claims) => claims.slice(index * 50, (index + 1) * 50)));
      }
    }),
  );
}

/** What one process did is known to the others. */
export function otherProcesses(makePlace: MakePlace): Promise<void> {
  return withPlace(makePlace, ({ place, store }) =>
    withProcesses(place, { count: 1 }, async ([other]) => {
      assert.ok(other);
      const mine = await take(store, "mine");
      assert.equal((await claimIn(other, ["mine"]))[0]?.status, "busy");
      await store.settle("mine", mine.token, longMs);
      assert.equal((await claimIn(other, ["mine"]))[0]?.status, "duplicate");

      const [theirs] = await claimIn(other, ["theirs"]);
      assert.ok(theirs?.status === "new");
      assert.equal((await store.claim("theirs", longMs, 1)).status, "busy");
      const settled = await other.obey({ settle: "theirs", token: theirs.token, keepMs: longMs });
      assert.deepEqual(settled, { isSettled: true });
      assert.equal((await store.claim("theirs", longMs, 1)).status, "duplicate");
    }),
  );
}

/** A lease of one process that another waits for. */
const awaitedLeaseMs = 1_000;

/** Processes whose clocks differ by an hour, as those of machines may. */
export function ownClock(makePlace: MakePlace): Promise<void> {
  return withPlace(makePlace, ({ place, store }) =>
    withProcesses(place, { count: 1, aheadMs: 3_600_000 }, async ([ahead]) => {
      assert.ok(ahead);
      await take(store, "mine");
      const [mine] = await claimIn(ahead, ["mine"]);
      assert.equal(mine?.status, "busy", "A lease had ended for a process whose clock is ahead.");
      const sinceMs = performance.now();
      const [theirs] = await claimIn(ahead, ["theirs"], 1, awaitedLeaseMs);
      assert.equal(theirs?.status, "new");
      await takeWhenFree(store, "theirs", { sinceMs, forMs: awaitedLeaseMs, meanwhile: "busy" });
    }),
  );
}

/** A process that dies in a handler. */
export function deadProcess(makePlace: MakePlace): Promise<void> {
  return withPlace(makePlace, ({ place, store }) =>
    withProcesses(place, { count: 1 }, async ([other]) => {
      assert.ok(other);
      const sinceMs = performance.now();
      const [theirs] = await claimIn(other, ["event"], 1, awaitedLeaseMs);
      assert.equal(theirs?.status, "new");
      await other.kill();
      const next = await takeWhenFree(store, "event", { sinceMs, forMs: awaitedLeaseMs, meanwhile: "busy" });
      assert.equal(next.attempt, 2, "The attempt of a process that died does not count.");
    }),
  );
}

async function withProcesses(
  { elsewhere }: StorePlace,
  { count, aheadMs = 0 }: { readonly count: number; readonly aheadMs?: number },
  run: (processes: readonly StoreProcess[]) => Promise<void>,
): Promise<void> {
  if (elsewhere === undefined) assert.fail("The place says nothing of how other processes open it.");
  const processes = await Promise.all(Array.from({ length: count }, () => startProcess(elsewhere, aheadMs)));
  try {
    await run(processes);
  } finally {
    await Promise.all(processes.map((each) => each.end()));
  }
}

async function claimIn(
  process: StoreProcess,
  keys: readonly string[],
  times = 1,
  leaseMs = longMs,
): Promise<readonly Claim[]> {
  const done = await process.obey({ claim: keys, times, leaseMs });
  return "claims" in done ? done.claims : assert.fail("The process did not answer with claims.");
}
