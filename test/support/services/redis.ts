import { Redis } from "ioredis";

import { findService, untilAnswers } from "./find-service.ts";
import { freePort, newFolder, startServer } from "./own-server.ts";

let found: Promise<string> | undefined;

/**
 * The URL of a Redis for tests: `REDIS_URL`, the one on its usual port, or one that is started from the installed binary and
 * ends with this process.
 */
export function redisService(): Promise<string> {
  return (found ??= findService({
    name: "Redis",
    variable: "REDIS_URL",
    usual: "redis://127.0.0.1:6379",
    answers,
    start: async () => (await startRedis()).url,
  }));
}

/** A Redis of this process's own. */
export interface OwnRedis {
  readonly url: string;
  readonly port: number;
  /** Ends it with all that it held. */
  stop(): Promise<void>;
}

interface RedisSettings {
  /** Default: a free one. */
  readonly port?: number;
  /** More arguments of `redis-server`. */
  readonly args?: readonly string[];
}

/** Starts a server in memory alone. */
export async function startRedis({ port, args = [] }: RedisSettings = {}): Promise<OwnRedis> {
  const ownPort = port ?? (await freePort());
  const folder = newFolder("redis");
  const server = startServer(
    "redis-server",
    ["--port", `${ownPort}`, "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "no", ...args],
    { folder, endedBy: "KILL" },
  );
  const url = `redis://127.0.0.1:${ownPort}`;
  await untilAnswers(() => answers(url), server.isRunning);
  return { url, port: ownPort, stop: () => server.stop() };
}

async function answers(url: string): Promise<boolean> {
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: 1_000,
    commandTimeout: 1_000,
    retryStrategy: () => null,
  });
  client.on("error", () => {});
  try {
    return (await client.ping()) === "PONG";
  } catch {
    return false;
  } finally {
    client.disconnect();
  }
}
