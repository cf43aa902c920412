import { availableParallelism } from "node:os";

import { benchChip } from "./chip.ts";
import { benchAdapters } from "./adapters.ts";
import { benchHmac } from "./hmac.ts";
import { benchImport } from "./import-time.ts";
import { benchMemory } from "./memory.ts";
import { toTable } from "./row.ts";
import { benchSlowSenders } from "./slow-senders.ts";
import { benchSchemes } from "./schemes.ts";
import { benchStores } from "./stores.ts";
import type { Row } from "./row.ts";

// Measures what docs/performance.md explains. A target that is missed is marked, not an error: how fast a machine is
// at this minute is no property of the code.

const benchmarks: readonly (() => Promise<readonly Row[]>)[] = [
  benchHmac,
  benchChip,
  benchSchemes,
  benchAdapters,
  benchSlowSenders,
  benchStores,
  benchMemory,
  benchImport,
];

const rows: Row[] = [];
for (const bench of benchmarks) rows.push(...(await bench()));
console.log(`Node ${process.version}, ${availableParallelism()} cores\n`);
console.log(toTable(rows));
// Servers that were started for this end with it.
process.exit();
