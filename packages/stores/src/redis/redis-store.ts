import { randomUUID } from "node:crypto";

import type { Claim, Store } from "@hooklatch/core";
import { ConfigError } from "@hooklatch/core/errors";

import { createRunScript } from "./redis-client.ts";
import type { RedisClient } from "./redis-client.ts";
import { claimScript, evictionScript, releaseScript, renewScript, settleScript, toLife, toRunning } from "./scripts.ts";

/** How the Redis store is set up. */
export interface RedisStoreOptions {
  /** The app's own client, of `ioredis` or `redis`, also one of a cluster. The store does not close it. */
  readonly client: RedisClient;
  /** Stands before every key. Default: `hooklatch:`. */
  readonly prefix?: string;
}

/**
 * Remembers events in Redis 5 or newer, for any number of processes and machines. Each operation is one script on one key,
 * by the server's clock; each key has a time to live.
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID`
 */
export function redisStore({ client, prefix = "hooklatch:" }: RedisStoreOptions): Store {
  if (typeof prefix !== "string") throw new ConfigError("ERR_OPTION_INVALID", "redisStore: prefix must be a string.");
  const run = createRunScript(client);
  let isClosed = false;
  let isEvictionChecked = false;

  // Without `async` in between: with many claims in flight, each promise more is a few percent.
  const ask: typeof run = (script, key, ...values) =>
    isClosed ? Promise.reject(new Error("The Redis store is closed.")) : run(script, prefix + key, ...values);

  return {
    claim(key, leaseMs, fingerprint) {
      const token = randomUUID();
      const claimed = ask(claimScript, key, toRunning(token, fingerprint), toLife(leaseMs));
      return claimed.then((answer) => {
        if (!isEvictionChecked) {
          isEvictionChecked = true;
          // No reason to let an event wait, or fail.
          ask(evictionScript, key).then(warnOfEviction, () => {});
        }
        return toClaim(answer, token, fingerprint);
      });
    },
    renew: (key, token, leaseMs) => ask(renewScript, key, token, toLife(leaseMs)).then(toBoolean),
    settle: (key, token, keepMs) => ask(settleScript, key, token, String(keepMs)).then(toBoolean),
    async release(key, token) {
      toBoolean(await ask(releaseScript, key, token));
    },
    close() {
      isClosed = true;
    },
  };
}

// Clients can be told to answer with text for numbers, or with a Buffer for text.

/** What is no answer of the script is none: a claim that was not surely granted must not be taken for granted. */
function toClaim(answer: unknown, token: string, fingerprint: number): Claim {
  if (!Array.isArray(answer)) {
    const attempt = Number(String(answer));
    if (attempt >= 1) return { status: "new", token, attempt };
    throw unknownAnswer();
  }
  const [status, ...numbers] = answer.map(String);
  const [first = Number.NaN, restMs = Number.NaN] = numbers.map(Number);
  const conflict = first !== fingerprint;
  if (status === "duplicate" && Number.isInteger(first)) return { status, conflict };
  if (status === "busy" && Number.isInteger(first) && restMs > 0) return { status, conflict, retryAfterMs: restMs };
  throw unknownAnswer();
}

function toBoolean(answer: unknown): boolean {
  const text = String(answer);
  if (text === "1" || text === "0") return text === "1";
  throw unknownAnswer();
}

function unknownAnswer(): Error {
  return new Error("Redis answered with something else than the script does.");
}

function warnOfEviction(answer: unknown): void {
  const policy = String(answer);
  if (policy === "") return;
  process.emitWarning(
    `Redis has the maxmemory-policy ${policy}: when it is full, it forgets events early, and their redeliveries run ` +
      "again. Set it to noeviction.",
    { type: "HooklatchWarning", code: "HOOKLATCH_EVICTION" },
  );
}
