import { ConfigError } from "@hooklatch/core/errors";

import type { Script } from "./scripts.ts";

/** What the store asks of a client of the package `ioredis`: a `Redis` or a `Cluster`. */
export interface IoredisClient {
  evalsha(sha: string, keyCount: number, ...keysAndValues: string[]): Promise<unknown>;
  eval(script: string, keyCount: number, ...keysAndValues: string[]): Promise<unknown>;
}

interface EvalOptions {
  keys: string[];
  arguments: string[];
}

/** What the store asks of a client of the package `redis`: made with `createClient`, `createClientPool` or `createCluster`. */
export interface NodeRedisClient {
  evalSha(sha: string, options: EvalOptions): Promise<unknown>;
  eval(script: string, options: EvalOptions): Promise<unknown>;
}

/** The caller's own client, connected or connecting. */
export type RedisClient = IoredisClient | NodeRedisClient;

/** Runs a script on one key. */
export type RunScript = (script: Script, key: string, ...values: string[]) => Promise<unknown>;

/**
 * Runs scripts in the way of either client. The server is sent a script's name, and the script itself when it does not
 * know it: after a restart, a failover or `SCRIPT FLUSH`.
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID`
 */
export function createRunScript(client: RedisClient): RunScript {
  const [byName, inFull] = toCalls(client);
  return (script, key, ...values) =>
    byName(script.sha, key, values).catch((cause: unknown) => {
      if (!isUnknownScript(cause)) throw cause;
      return inFull(script.source, key, values);
    });
}

type Call = (script: string, key: string, values: string[]) => Promise<unknown>;

function toCalls(client: RedisClient): readonly [byName: Call, inFull: Call] {
  if (has(client, "evalSha")) {
    return [
      (sha, key, values) => client.evalSha(sha, { keys: [key], arguments: values }),
      (source, key, values) => client.eval(source, { keys: [key], arguments: values }),
    ];
  }
  if (has(client, "evalsha")) {
    return [
      (sha, key, values) => client.evalsha(sha, 1, key, ...values),
      (source, key, values) => client.eval(source, 1, key, ...values),
    ];
  }
  throw new ConfigError("ERR_OPTION_INVALID", "redisStore: client must be a client of ioredis or redis.");
}

function has<Name extends "evalSha" | "evalsha">(
  client: RedisClient,
  name: Name,
): client is Extract<RedisClient, Record<Name, unknown>> {
  // Not every caller has a compiler; a client of ioredis and one of redis may be a function as well as an object.
  return Object(client) === client && typeof Reflect.get(client, name) === "function";
}

/** https://redis.io/docs/latest/commands/evalsha/ */
function isUnknownScript(cause: unknown): boolean {
  return cause instanceof Error && cause.message.startsWith("NOSCRIPT");
}
