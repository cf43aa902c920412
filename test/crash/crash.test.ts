import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { postgresStore } from "@hooklatch/stores/postgres";
import { Redis } from "ioredis";
import pg from "pg";
import { test } from "vitest";

import { skipWithoutService } from "../support/services/find-service.ts";
import { postgresService } from "../support/services/postgres.ts";
import { redisService } from "../support/services/redis.ts";
import { findFaults } from "./findings.ts";
import type { Effect, Findings } from "./findings.ts";
import { runPlatform } from "./platform.ts";
import { createRandom } from "./random.ts";
import { storeNames } from "./stores.ts";
import type { Places, StoreName } from "./stores.ts";
import type { Step } from "./worker.ts";
import { startWorkers } from "./workers.ts";

// Workers are killed at random moments while a platform sends events; whatever happens, no acknowledged event is without an
// effect. `test:crash` kills more often. CRASH_SEED has the same events sent to the same workers, and the same workers killed
// after the same pauses; how the processes keep pace with one another is the machine's.

const kills = Number(process.env["CRASH_KILLS"] ?? 50);
const workerCount = 3;

test.concurrent.for(storeNames)(
  "%s: killed at any moment, it loses nothing",
  { timeout: 60_000 + kills * 2_000 },
  async (store, { expect, skip }) => {
    const seed = Number(process.env["CRASH_SEED"] ?? randomBytes(4).readInt32LE());
    const random = createRandom(seed);
    const preparing = preparePlaces();
    await skipWithoutService({ skip }, preparing);
    const prepared = await preparing;
    const { places, folder, pool } = prepared;
    const journal = join(folder, "journal");
    writeFileSync(journal, "");
    const secret = "a secret of the crash tests";
    const workers = startWorkers(workerCount, { store, places, journal, secret });
    try {
      let killed = 0;
      const failing = new Map<string, readonly number[]>();
      const sending = runPlatform({ workers, secret, random: random.fork(), failing, goesOn: () => killed < kills });
      while (killed < kills) {
        await sleep(random.between(20, 300));
        await workers.kill(random.between(0, workerCount - 1));
        killed++;
      }
      const { acknowledged, deliveries } = await sending;
      await workers.end();
      const { rows: effects } = await pool.query<Effect>(
        `SELECT event, attempt, pid FROM ${places.postgresSchema}.effects`,
      );
      const findings = findFaults(
        { acknowledged, steps: readJournal(journal), effects, deaths: workers.deaths },
        (event, attempt) => failing.get(event)?.includes(attempt) === true,
      );
      tell(store, { seed, killed, deliveries, events: acknowledged.length, findings });
      expect(acknowledged.length).toBeGreaterThan(kills);
      expect(findings).toMatchObject({ lost: [], overlapping: [], doubled: { unexplained: [] } });
      // A busy machine may hold up a process for a whole lease; leases that nobody renews would be lost by the dozen.
      expect(findings.doubled.afterLoss).toBeLessThanOrEqual(2 + kills / 20);
      if (store === "postgres in one transaction") {
        expect(findings.doubled).toEqual({ afterKill: 0, afterFailure: 0, afterLoss: 0, unexplained: [] });
        expect(new Set(effects.map(({ event }) => event)).size).toBe(effects.length);
      }
    } catch (cause) {
      throw new Error(`Repeat it with CRASH_SEED=${seed} CRASH_KILLS=${kills}.`, { cause });
    } finally {
      await workers.end();
      await prepared.remove();
    }
  },
);

interface Prepared {
  readonly places: Places;
  readonly folder: string;
  readonly pool: pg.Pool;
  remove(): Promise<void>;
}

async function preparePlaces(): Promise<Prepared> {
  const [postgresUrl, redisUrl] = [await postgresService(), await redisService()];
  const folder = mkdtempSync(join(tmpdir(), "hooklatch-crash-"));
  const name = `hooklatch_crash_${randomBytes(6).toString("hex")}`;
  const places = {
    sqlitePath: join(folder, "claims.db"),
    redisUrl,
    redisPrefix: `${name}:`,
    postgresUrl,
    postgresSchema: name,
  };
  const pool = new pg.Pool({ connectionString: postgresUrl, max: 2 });
  await postgresStore({ client: pool, schema: name }).migrate();
  await pool.query(
    `CREATE TABLE ${name}.effects (event text NOT NULL, attempt integer NOT NULL, pid integer NOT NULL)`,
  );
  return {
    places,
    folder,
    pool,
    async remove() {
      await pool.query(`DROP SCHEMA ${name} CASCADE`);
      await pool.end();
      const redis = new Redis(redisUrl);
      const left = await redis.keys(`${name}:*`);
      if (left.length > 0) await redis.del(left);
      redis.disconnect();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function readJournal(path: string): readonly Step[] {
  const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
  // What the workers write.
  return lines.map((line) => JSON.parse(line) as Step);
}

interface Told {
  readonly seed: number;
  readonly killed: number;
  readonly deliveries: number;
  readonly events: number;
  readonly findings: Findings;
}

/** The report of a run, which a person compares. */
function tell(store: StoreName, { seed, killed, deliveries, events, findings }: Told): void {
  const { lost, overlapping, doubled, runs } = findings;
  console.log(
    `crash ${store}: seed ${seed}, ${killed} kills, ${events} events in ${deliveries} deliveries and ${runs} runs; ` +
      `lost ${lost.length}, overlapping ${overlapping.length}, doubled ${doubled.afterKill} by a kill and ` +
      `${doubled.afterFailure} by a handler that fails after its effect, ${doubled.afterLoss} by a lost lease, ` +
      `${doubled.unexplained.length} unexplained`,
  );
}
