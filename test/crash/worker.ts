import { appendFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { createReceiver } from "@hooklatch/core";
import { toNodeListener } from "@hooklatch/core/node";
import pg from "pg";
import type { PoolClient } from "pg";

import { crashProvider } from "./provider.ts";
import type { Chore } from "./provider.ts";
import { openStore } from "./stores.ts";
import type { Places, StoreName } from "./stores.ts";

// One process of the app that is killed at any moment. It tells its parent its port.

/** What a worker is started with. */
export interface WorkerSetup {
  readonly store: StoreName;
  readonly places: Places;
  /** Where each step of a handler is written down, a line each. */
  readonly journal: string;
  readonly secret: string;
}

/**
 * A step of a handler. `over` stands for its end and for the moment it was told to stop; `settled` and `not settled` for
 * what the receiver made of it, before anybody was answered.
 */
export interface Step {
  readonly at: number;
  readonly pid: number;
  readonly event: string;
  readonly attempt: number;
  readonly step: "begins" | "has written" | "over" | "settled" | "not settled";
}

// What the parent passes.
const setup = JSON.parse(process.argv[2] ?? "") as WorkerSetup;
// All workers of all four tests write their effects there at once, beside other tests, and the server has so many connections.
const pool = new pg.Pool({ connectionString: setup.places.postgresUrl, max: 4 });
pool.on("error", () => {});
const store = openStore(setup.store, setup.places, pool);
const effects = `"${setup.places.postgresSchema}".effects`;

const receiver = createReceiver<{ "chore.due": Chore }, PoolClient | undefined>({
  provider: crashProvider(setup.secret),
  store,
  leaseMs: 2_000,
  storeTimeoutMs: 600,
  handlerTimeoutMs: 20_000,
  onOutcome({ outcome, eventId, attempt }) {
    if (eventId === undefined || attempt === undefined) return;
    if (outcome === "handled") writeDown(eventId, attempt, "settled");
    if (outcome === "unavailable") writeDown(eventId, attempt, "not settled");
  },
});

function writeDown(event: string, attempt: number, step: Step["step"]): void {
  const line: Step = { at: Date.now(), pid: process.pid, event, attempt, step };
  // One short write in append mode is whole or not there.
  appendFileSync(setup.journal, `${JSON.stringify(line)}\n`);
}

receiver.on("chore.due", async (event, { attempt, signal, transaction }) => {
  let isOver = false;
  const write = (step: Step["step"]): void => {
    if (isOver) return;
    isOver = step === "over";
    writeDown(event.id, attempt, step);
  };
  const chore = event.payload;
  signal.addEventListener("abort", () => write("over"));
  write("begins");
  try {
    await sleep(chore.beforeMs);
    signal.throwIfAborted();
    await (transaction ?? pool).query(`INSERT INTO ${effects} (event, attempt, pid) VALUES ($1, $2, $3)`, [
      event.id,
      attempt,
      process.pid,
    ]);
    write("has written");
    await sleep(chore.afterMs);
    if (chore.failsIn.includes(attempt)) throw new Error("the handler fails");
  } finally {
    write("over");
  }
});

const server = createServer(toNodeListener(receiver)).listen(0, "127.0.0.1", () => {
  // A server that listens on TCP has an address of this kind.
  process.send?.((server.address() as AddressInfo).port);
});
process.on("disconnect", () => process.exit());
