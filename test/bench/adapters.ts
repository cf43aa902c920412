import { connections, load, startApp } from "./load.ts";
import type { Load } from "./load.ts";
import { median, toRatio } from "./measure.ts";
import { createOrders } from "./orders.ts";
import { ratioRow } from "./row.ts";
import type { Row } from "./row.ts";

const rounds = 12;
const warmUp = 4;
const kinds = ["bare", "by-hand", "receiver"] as const;

/** What the receiver has to reach of the same work by hand. */
const targets = [
  ["node:http", 0.95],
  ["fastify", 0.95],
  ["koa", 0.95],
  ["express", 0.9],
] as const;

const sizes = [
  { name: "1 KiB", bytes: 1024, perRound: 1_500 },
  { name: "10 KiB", bytes: 10_240, perRound: 700 },
] as const;

/** Each framework with the receiver, with the same work by hand, and bare, over connections that are kept alive. */
export async function benchAdapters(): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const [framework, target] of targets) {
    for (const size of sizes) rows.push(await compare(framework, size, target));
  }
  return rows;
}

async function compare(framework: string, size: (typeof sizes)[number], target: number): Promise<Row> {
  const servers = await Promise.all(kinds.map((kind) => startApp(framework, kind)));
  const runs = { bare: [] as Load[], "by-hand": [] as Load[], receiver: [] as Load[] };
  try {
    for (let round = 0; round < rounds + warmUp; round++) {
      const bodies = createOrders(size.perRound + 2 * connections, size.bytes);
      for (const [turn] of kinds.entries()) {
        const which = (round + turn) % kinds.length;
        const [kind, server] = [kinds[which], servers[which]];
        if (kind === undefined || server === undefined) throw new Error("There is a server of each kind.");
        const run = await load(server, bodies, size.perRound);
        if (round >= warmUp) runs[kind].push(run);
      }
    }
  } finally {
    for (const { process } of servers) process.disconnect();
  }
  const { receiver, "by-hand": byHand, bare } = runs;
  const ratio = toRatio(receiver.map(({ rate }, round) => rate / (byHand[round]?.rate ?? Number.NaN)));
  const told = [bare, byHand, receiver].map(tell).join(" / ");
  return ratioRow(`${framework}, ${size.name}: bare / by hand / receiver`, told, ratio, target);
}

function tell(runs: readonly Load[]): string {
  return `${Math.round(median(runs.map(({ rate }) => rate)))}/s p99 ${median(runs.map(({ p99Ms }) => p99Ms)).toFixed(1)} ms`;
}
