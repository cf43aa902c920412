import { execFileSync } from "node:child_process";
import { chownSync, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

import pg from "pg";

import { findService, untilAnswers } from "./find-service.ts";
import { freePort, newFolder, startServer } from "./own-server.ts";

let found: Promise<string> | undefined;

/**
 * The URL of a Postgres for tests: `DATABASE_URL`, the one on its usual port, or one that is started from the installed
 * binaries and ends with this process.
 */
export function postgresService(): Promise<string> {
  return (found ??= findService({
    name: "Postgres",
    variable: "DATABASE_URL",
    usual: "postgres://postgres@127.0.0.1:5432/postgres",
    answers,
    start: startPostgres,
  }));
}

/** Starts a server of this process's own, in a folder that goes with it. */
async function startPostgres(): Promise<string> {
  const bin = findBinaries();
  const user = serverUser();
  const folder = newFolder("postgres");
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, "data");
  const port = await freePort();
  execFileSync(join(bin, "initdb"), ["-D", data, "-U", "postgres", "-A", "trust", "--no-sync"], {
    ...user,
    stdio: "ignore",
  });
  const settings = ["-D", data, "-p", String(port), "-h", "127.0.0.1", "-k", folder, "-F"];
  const server = startServer(join(bin, "postgres"), settings, { folder, endedBy: "QUIT", user });
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  await untilAnswers(() => answers(url), server.isRunning);
  return url;
}

/** Debian keeps them out of the path; `pg_config` comes with what programs are compiled with. */
function findBinaries(): string {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian) : [];
  const folders = versions.toSorted((a, b) => Number(b) - Number(a)).map((version) => join(debian, version, "bin"));
  const newest = folders.find((folder) => existsSync(join(folder, "initdb")));
  return newest ?? execFileSync("pg_config", ["--bindir"], { encoding: "utf8" }).trim();
}

/** The server refuses to run as root. */
function serverUser(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (kind: string): number => Number(execFileSync("id", [kind, "postgres"], { encoding: "utf8" }));
  return { uid: idOf("-u"), gid: idOf("-g") };
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}
