import { toCases } from "../conformance-case.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { caseNames } from "./case-names.ts";
import type { StoreCaseName } from "./case-names.ts";
import { close, independence, oneWinner, released, settled } from "./cases/claims.ts";
import { conflict, keys } from "./cases/keys.ts";
import { attempts, fencing, keepTime, leaseEnd, renewal } from "./cases/leases.ts";
import { outage } from "./cases/outage.ts";
import { deadProcess, oneWinnerElsewhere, otherProcesses, ownClock } from "./cases/processes.ts";
import type { StorePlace } from "./place.ts";

/** What the suite must know of a store. */
export interface StoreConformanceOptions {
  /** Makes an empty place; each case asks for one of its own. */
  readonly place: () => Promise<StorePlace>;
  /**
   * Cases that the store makes impossible, each with the reason. They are run all the same and MUST fail, so that a reason
   * does not outlive its truth.
   */
  readonly doesNotApply?: Readonly<Partial<Record<StoreCaseName, string>>>;
}

/**
 * The suite that every store must pass, for any test runner, against its real server and in real time.
 *
 * @example
 *   for (const { name, run } of storeConformance({ place: makePlace })) test(name, run);
 */
export function storeConformance({ place, doesNotApply }: StoreConformanceOptions): readonly ConformanceCase[] {
  const runs: Readonly<Record<StoreCaseName, () => Promise<void>>> = {
    "one-winner": () => oneWinner(place),
    "one-winner-elsewhere": () => oneWinnerElsewhere(place),
    settled: () => settled(place),
    "keep-time": () => keepTime(place),
    released: () => released(place),
    "lease-end": () => leaseEnd(place),
    fencing: () => fencing(place),
    renewal: () => renewal(place),
    attempts: () => attempts(place),
    conflict: () => conflict(place),
    keys: () => keys(place),
    independence: () => independence(place),
    close: () => close(place),
    "other-processes": () => otherProcesses(place),
    "own-clock": () => ownClock(place),
    "dead-process": () => deadProcess(place),
    outage: () => outage(place),
  };
  return toCases({ names: caseNames, runs, doesNotApply });
}
