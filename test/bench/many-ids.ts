import { randomUUID } from "node:crypto";
import { availableParallelism } from "node:os";

import { openFilled } from "./filled-stores.ts";
import type { FilledStore } from "./filled-stores.ts";
import { measure, median, speedOf } from "./measure.ts";
import { toTable } from "./row.ts";
import type { Row } from "./row.ts";

// What a claim costs, and what an id takes up, when a store holds millions of them. Takes some ten minutes, so it is not
// part of the other benchmarks. Names as arguments choose stores; none means all.

const counts = { "10,000": 10_000, "1 M": 1_000_000, "5 M": 5_000_000 } as const;
type Count = keyof typeof counts;

const claimsPerRound = 2_560;
const inFlight = 64;
const rounds = 25;
const warmUp = 5;

/** How much longer a claim may take among five times as many millions. */
const limit = 1.3;

const asked = process.argv.slice(2);
const rows: Row[] = [];
for (const [name, open] of Object.entries(openFilled)) {
  if (asked.length === 0 || asked.includes(name)) rows.push(...(await bench(name, open)));
}
console.log(`Node ${process.version}, ${availableParallelism()} cores\n`);
console.log(toTable(rows));
// Servers that were started for this end with it.
process.exit();

async function bench(name: string, open: () => Promise<FilledStore>): Promise<readonly Row[]> {
  const stores = new Map<string, FilledStore>();
  const bytesPerId = new Map<string, number>();
  for (const [count, ids] of Object.entries(counts)) {
    const store = await open();
    stores.set(count, store);
    const emptyBytes = await store.bytes();
    await store.fill(ids);
    bytesPerId.set(count, ((await store.bytes()) - emptyBytes) / ids);
  }
  const contenders = [...stores].map(([count, store]) => ({
    name: count,
    prepare: (keys: readonly string[]) => () => claimAll(store, keys),
  }));
  const share = (): readonly string[] => Array.from({ length: claimsPerRound }, newId);
  const timings = await measure(contenders, { share, rounds, warmUp });
  for (const store of stores.values()) await store.end();

  const compare = (more: Count, fewer: Count, hasLimit: boolean): Row => {
    const { median: ratio, low, high } = speedOf(timings, fewer, more);
    const micros = (count: Count): string => ((median(timings.get(count) ?? []) / claimsPerRound) * 1_000).toFixed(1);
    return {
      name: `${name}, ${more} ids of ${bytesPerId.get(more)?.toFixed(0)} bytes: a claim, against one among ${fewer}`,
      measured: `${micros(more)} vs ${micros(fewer)} µs`,
      target: hasLimit ? `<= ${limit} times` : "–",
      ratio: `${ratio.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`,
      ...(hasLimit ? { passed: ratio <= limit } : undefined),
    };
  };
  return [compare("5 M", "1 M", true), compare("1 M", "10,000", false)];
}

function newId(): string {
  return ["stripe", randomUUID()].join("/");
}

async function claimAll({ store }: FilledStore, keys: readonly string[]): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let key = keys[next++]; key !== undefined; key = keys[next++]) {
      const claim = await store.claim(key, 60_000, 1);
      if (claim.status !== "new") throw new Error(`A claim of a new id was answered ${claim.status}.`);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
}
