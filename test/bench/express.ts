import type { ChildProcess } from "node:child_process";
import { createHmac } from "node:crypto";

import autocannon from "autocannon";

import { nextNumber, startChild } from "./child.ts";
import { median, toRatio } from "./measure.ts";
import { createOrders } from "./orders.ts";
import { ratioRow } from "./row.ts";
import type { Row } from "./row.ts";
import { secret, signatureHeader } from "./shop-receiver.ts";

const perRound = 1_500;
const rounds = 40;
const warmUp = 6;
const connections = 10;

/** Express 5 with the receiver against Express 5 with the same work written by hand, over kept-alive connections. */
export async function benchExpress(): Promise<readonly Row[]> {
  const servers = [await startServer("receiver"), await startServer("by-hand")] as const;
  const rates: [receiver: number[], byHand: number[]] = [[], []];
  try {
    for (let round = 0; round < rounds + warmUp; round++) {
      // autocannon asks for a request more per connection than it sends.
      const bodies = createOrders(perRound + 2 * connections, 1024);
      for (const which of round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
        const rate = await load(servers[which], bodies);
        if (round >= warmUp) rates[which].push(rate);
      }
    }
  } finally {
    for (const { process } of servers) process.disconnect();
  }
  const [receiver, byHand] = rates;
  const measured = `${Math.round(median(receiver))} vs ${Math.round(median(byHand))} requests/s`;
  const ratio = toRatio(receiver.map((rate, round) => rate / (byHand[round] ?? Number.NaN)));
  return [ratioRow("Express 5 with receiver vs by hand", measured, ratio, 0.9)];
}

interface Server {
  readonly process: ChildProcess;
  readonly url: string;
}

async function startServer(kind: "receiver" | "by-hand"): Promise<Server> {
  const process = startChild(new URL("./express-server.ts", import.meta.url), kind);
  return { process, url: `http://127.0.0.1:${await nextNumber(process)}/webhooks/shop` };
}

/** Sends every body once, and answers with the rate in requests per second. */
async function load({ process, url }: Server, bodies: readonly Buffer[]): Promise<number> {
  const requests = bodies.map((body) => ({
    body,
    headers: {
      "content-type": "application/json",
      [signatureHeader]: createHmac("sha256", secret).update(body).digest("hex"),
    },
  }));
  let next = 0;
  const before = await countHandled(process);
  const startedAt = performance.now();
  let endedAt = startedAt;
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const run = autocannon(
      {
        url,
        connections,
        amount: perRound,
        requests: [{ method: "POST", setupRequest: (request) => ({ ...request, ...requests[next++] }) }],
        sampleInt: 50,
      },
      (error: unknown, summary) => (error instanceof Error ? reject(error) : resolve(summary)),
    );
    // It reports some time after the last response.
    run.on("response", () => (endedAt = performance.now()));
  });
  const handled = (await countHandled(process)) - before;
  if (handled !== perRound || result["2xx"] !== perRound) {
    throw new Error(`${handled} of ${perRound} deliveries were handled, ${result["2xx"]} answered with 2xx.`);
  }
  return perRound / ((endedAt - startedAt) / 1000);
}

function countHandled(process: ChildProcess): Promise<number> {
  process.send("count");
  return nextNumber(process);
}
