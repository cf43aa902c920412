import { expect } from "vitest";

import { caseNames } from "../store/case-names.ts";
import type { StoreCaseName } from "../store/case-names.ts";
import type { StorePlace } from "../store/place.ts";
import { storeConformance } from "../store/store-conformance.ts";
import { createShelf, memoryRows } from "./shelf.ts";
import type { Pieces, Row } from "./shelf.ts";

/** The cases that need other processes. */
export const betweenProcesses: readonly StoreCaseName[] = [
  "one-winner-elsewhere",
  "other-processes",
  "own-clock",
  "dead-process",
];
/** The cases that need no other process and no server. */
export const inOneProcess = names().filter((name) => name !== "outage" && !betweenProcesses.includes(name));

function names(): readonly StoreCaseName[] {
  // The keys of an object that has one for each name and no other.
  return Object.keys(caseNames) as StoreCaseName[];
}

/** The cases among the given ones that a store fails, with their complaints. */
export async function failuresOf(place: () => Promise<StorePlace>, among: readonly StoreCaseName[]): Promise<Failures> {
  const cases = storeConformance({ place });
  const failures: Failures = {};
  await Promise.all(
    among.map(async (name) => {
      const run = cases[names().indexOf(name)]?.run;
      await run?.().catch((cause: unknown) => (failures[name] = String(cause)));
    }),
  );
  return failures;
}

/** The complaint of each case that failed. */
export type Failures = Partial<Record<StoreCaseName, string>>;

/** A shelf in memory; the pieces may differ from one connection to the next. */
export function shelfPlace(change: (connection: number) => Partial<Pieces>): () => Promise<StorePlace> {
  return async () => {
    const map = new Map<string, Row>();
    let connections = 0;
    return {
      open: async () => createShelf(memoryRows(map), change(connections++)),
      remove: async () => {},
    };
  };
}

/** The complaints as they are expected: these cases complain, with these words, and no others. */
export function complaining(found: Failures): Record<string, unknown> {
  return Object.fromEntries(Object.entries(found).map(([name, words]) => [name, expect.stringContaining(words)]));
}
