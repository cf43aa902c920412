import type { ChildProcess } from "node:child_process";
import { createHmac } from "node:crypto";

import autocannon from "autocannon";

import { path } from "./apps/app.ts";
import { nextNumber, startChild } from "./child.ts";
import { secret, signatureHeader } from "./shop-receiver.ts";

/** How many connections a load keeps alive. */
export const connections = 10;

/** An app in a process of its own. */
export interface AppServer {
  readonly kind: string;
  readonly process: ChildProcess;
  readonly url: string;
}

/** What a load measured. */
export interface Load {
  /** Requests per second. */
  readonly rate: number;
  /** The latency that 99 of 100 requests stayed under, in milliseconds. */
  readonly p99Ms: number;
}

/** Starts the app of a framework: `bare`, `by-hand` or `receiver`. */
export async function startApp(framework: string, kind: string): Promise<AppServer> {
  const process = startChild(new URL("./adapter-server.ts", import.meta.url), `${framework}/${kind}`);
  return { kind, process, url: `http://127.0.0.1:${await nextNumber(process)}${path}` };
}

/** Sends bodies, signed, each once; there must be some more than the amount: two for each connection. */
export async function load(
  { kind, process, url }: AppServer,
  bodies: readonly Buffer[],
  amount: number,
): Promise<Load> {
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
  const latencies: number[] = [];
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const run = autocannon(
      {
        url,
        connections,
        amount,
        requests: [{ method: "POST", setupRequest: (request) => ({ ...request, ...requests[next++] }) }],
        sampleInt: 50,
      },
      (error: unknown, summary) => (error instanceof Error ? reject(error) : resolve(summary)),
    );
    // It reports some time after the last response, and its percentiles are whole milliseconds.
    run.on("response", (_client, _status, _bytes, responseTimeMs) => {
      endedAt = performance.now();
      latencies.push(responseTimeMs);
    });
  });
  const handled = (await countHandled(process)) - before;
  if (result["2xx"] !== amount || (kind !== "bare" && handled !== amount)) {
    throw new Error(`${handled} of ${amount} deliveries were handled, ${result["2xx"]} answered with 2xx.`);
  }
  const p99Ms = latencies.toSorted((one, other) => one - other)[Math.floor(amount * 0.99)] ?? Number.NaN;
  return { rate: amount / ((endedAt - startedAt) / 1000), p99Ms };
}

function countHandled(process: ChildProcess): Promise<number> {
  process.send("count");
  return nextNumber(process);
}
