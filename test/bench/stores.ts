import { randomUUID } from "node:crypto";

import { measure, median, speedOf } from "./measure.ts";
import type { Contender } from "./measure.ts";
import { ratioRow } from "./row.ts";
import type { Row } from "./row.ts";
import { openSubjects } from "./store-subjects.ts";
import type { Subject } from "./store-subjects.ts";

const rounds = 15;
const warmUp = 4;

/** Of half the rate of the bare client: a claim and a settlement are two round trips, what it does is one. */
const target = 0.7;

const loads = [
  { inFlight: 1, operations: 60 },
  { inFlight: 64, operations: 1_280 },
] as const;

/** Claims and settlements through each store, beside its client with one write that says whether a key was there. */
export async function benchStores(): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const open of openSubjects) {
    const subject = await open();
    try {
      for (const load of loads) rows.push(...(await compare(subject, load)));
    } finally {
      await subject.end();
    }
  }
  return rows;
}

async function compare(subject: Subject, { inFlight, operations }: (typeof loads)[number]): Promise<readonly Row[]> {
  const contenders: readonly Contender<readonly string[]>[] = [
    { name: "store", prepare: (keys) => () => run(keys, inFlight, subject.claimAndSettle) },
    { name: "bare", prepare: (keys) => () => run(keys, inFlight, subject.bareWrite) },
    ...(subject.oneByOne === undefined
      ? []
      : [{ name: "one by one", prepare: (keys: readonly string[]) => () => run(keys, inFlight, subject.oneByOne) }]),
  ];
  const share = (): readonly string[] => Array.from({ length: operations }, () => randomUUID());
  const timings = await measure(contenders, { share, rounds, warmUp });
  const rate = (name: string): string => {
    const ms = median(timings.get(name) ?? []);
    return `${Math.round((operations / ms) * 1000)}/s`;
  };
  const speed = speedOf(timings, "store", "bare");
  const ofHalf = { median: speed.median * 2, low: speed.low * 2, high: speed.high * 2 };
  const name = `${subject.name}, ${inFlight} in flight: claim + settle, against half of ${subject.bareName}`;
  const rows = [ratioRow(name, `${rate("store")} vs ${rate("bare")}`, ofHalf, target)];
  if (subject.oneByOne !== undefined && inFlight > 1) {
    const grouped = speedOf(timings, "store", "one by one");
    rows.push(
      ratioRow(`… against one transaction per operation`, `${rate("store")} vs ${rate("one by one")}`, grouped, 3),
    );
  }
  return rows;
}

/** Has so many of the keys under way at a time. */
async function run(
  keys: readonly string[],
  inFlight: number,
  work: ((key: string) => Promise<void>) | undefined,
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let key = keys[next++]; key !== undefined; key = keys[next++]) await work?.(key);
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
}
