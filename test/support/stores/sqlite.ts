import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import type { Store } from "@hooklatch/core";
import type { StorePlace } from "@hooklatch/conformance/store";
import { sqliteStore } from "@hooklatch/stores/sqlite";

/** A file in a folder of its own. What goes away is the lock: another program takes it and does not give it back. */
export async function sqlitePlace(): Promise<StorePlace> {
  const folder = await mkdtemp(join(tmpdir(), "hooklatch-sqlite-"));
  const path = join(folder, "claims.db");
  let other: DatabaseSync | undefined;
  return {
    open: () => open(path),
    elsewhere: { module: new URL(import.meta.url), argument: path },
    outage: {
      async cut() {
        other = new DatabaseSync(path);
        other.exec("PRAGMA busy_timeout = 5000; BEGIN EXCLUSIVE");
      },
      async mend() {
        other?.close();
        other = undefined;
      },
    },
    async remove() {
      other?.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** Opens the store in any process. */
export async function open(path: string): Promise<Store> {
  return sqliteStore({ path });
}
