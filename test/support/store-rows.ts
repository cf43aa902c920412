import type { StoreConformanceOptions } from "@hooklatch/conformance/store";

import { memoryPlace } from "./stores/memory.ts";
import { pglitePlace, postgresPlace } from "./stores/postgres.ts";
import { redisPlace } from "./stores/redis.ts";
import { sqlitePlace } from "./stores/sqlite.ts";

const oneProcess = "the memory of one process is no other's";
const inProcess = {
  "one-winner-elsewhere": oneProcess,
  "other-processes": oneProcess,
  "own-clock": oneProcess,
  "dead-process": oneProcess,
  outage: "there is no server that could go away",
};

/**
 * Every store, by its folder in `packages/stores/src` and, after a space, the client it is proven with. A row for each
 * folder, and one for the store of core.
 */
export const storeRows: Readonly<Record<string, StoreConformanceOptions>> = {
  memory: { place: memoryPlace, doesNotApply: inProcess },
  "postgres with pg": { place: () => postgresPlace("pg") },
  "postgres with pg, prepared": { place: () => postgresPlace("pg", { prepare: true }) },
  "postgres with PGlite": { place: pglitePlace, doesNotApply: inProcess },
  "postgres with postgres": { place: () => postgresPlace("postgres") },
  "redis with ioredis": { place: () => redisPlace("ioredis") },
  "redis with redis": { place: () => redisPlace("redis") },
  sqlite: { place: sqlitePlace },
};
