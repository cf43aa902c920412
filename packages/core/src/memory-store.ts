import { LRUCache } from "lru-cache";

import { callHook } from "./call-hook.ts";
import type { Clock } from "./clock.ts";
import { systemClock } from "./clock.ts";
import { ConfigError } from "./errors.ts";
import type { Claim, Store } from "./store.ts";

/** For how long the attempts at an event that nobody handled are counted. */
const attemptsKeptMs = 7 * 86_400_000;

/** How the memory store is bounded. */
export interface MemoryStoreOptions {
  /** How many event ids it holds. Each takes about 250 bytes. Default: 100,000. */
  readonly maxIds?: number;
  /**
   * Told when an id had to go while it was still needed: a redelivery of that event would run again. Default: one
   * process warning per store, code `HOOKLATCH_EARLY_EVICTION`.
   */
  readonly onEarlyEviction?: (report: EarlyEviction) => void;
  readonly clock?: Clock;
}

/** An event id that was forgotten too early. */
export interface EarlyEviction {
  /** Whether its handlers were still running. */
  readonly running: boolean;
  /** For how much longer it should have been kept. */
  readonly remainingMs: number;
  readonly maxIds: number;
}

/** A store in the memory of one process: a second process, or a restart, knows nothing of it. */
export interface MemoryStore extends Store {
  readonly scope: "one process";
  /** How many ids it holds. */
  readonly size: number;
}

interface Entry {
  status: "running" | "settled" | "released";
  token: number;
  attempt: number;
  endsAtMs: number;
  readonly fingerprint: number;
}

/**
 * Remembers events in the memory of this one process; the default. Use a shared store as soon as there is a second
 * process.
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID`
 */
export function memoryStore(options: MemoryStoreOptions = {}): MemoryStore {
  const { maxIds = 100_000, onEarlyEviction = createWarning(), clock = systemClock } = options;
  if (!(Number.isSafeInteger(maxIds) && maxIds > 0)) {
    throw new ConfigError("ERR_OPTION_INVALID", "memoryStore: maxIds must be a whole number above 0.");
  }
  let lastToken = 0;
  const entries = new LRUCache<string, Entry>({
    max: maxIds,
    dispose(entry, _key, reason) {
      const remainingMs = entry.endsAtMs - clock.nowMs();
      if (reason === "evict" && entry.status !== "released" && remainingMs > 0) {
        // The cache is half way through adding another entry and must not see an exception.
        callHook("onEarlyEviction", onEarlyEviction, { running: entry.status === "running", remainingMs, maxIds });
      }
    },
  });

  /** The entry that a token still governs: later claims and ends of leases take it away. */
  const held = (key: string, token: string): Entry | undefined => {
    const entry = entries.peek(key);
    const isHeld = entry?.status === "running" && String(entry.token) === token && entry.endsAtMs > clock.nowMs();
    return isHeld ? entry : undefined;
  };

  return {
    scope: "one process",
    get size() {
      return entries.size;
    },
    claim(key, leaseMs, fingerprint): Claim {
      const nowMs = clock.nowMs();
      const known = entries.get(key);
      if (known !== undefined && known.endsAtMs > nowMs && known.status !== "released") {
        const conflict = known.fingerprint !== fingerprint;
        if (known.status === "settled") return { status: "duplicate", conflict };
        return { status: "busy", conflict, retryAfterMs: known.endsAtMs - nowMs };
      }
      const token = ++lastToken;
      // A running entry past its end belonged to a handler that hung: that attempt counts too.
      const isForgotten = known === undefined || (known.status !== "running" && known.endsAtMs <= nowMs);
      const attempt = isForgotten ? 1 : known.attempt + 1;
      entries.set(key, { status: "running", token, attempt, endsAtMs: nowMs + leaseMs, fingerprint });
      return { status: "new", token: String(token), attempt };
    },
    renew(key, token, leaseMs) {
      const entry = held(key, token);
      if (entry !== undefined) entry.endsAtMs = clock.nowMs() + leaseMs;
      return entry !== undefined;
    },
    settle(key, token, keepMs) {
      const entry = held(key, token);
      if (entry === undefined) return false;
      entry.status = "settled";
      entry.endsAtMs = clock.nowMs() + keepMs;
      return true;
    },
    release(key, token) {
      const entry = held(key, token);
      if (entry === undefined) return;
      entry.status = "released";
      entry.endsAtMs = clock.nowMs() + attemptsKeptMs;
    },
    close() {
      entries.clear();
    },
  };
}

function createWarning(): (report: EarlyEviction) => void {
  let warned = false;
  return ({ maxIds, remainingMs }) => {
    if (warned) return;
    warned = true;
    const hours = Math.ceil(remainingMs / 3_600_000);
    process.emitWarning(
      `The memory store holds its ${maxIds} ids and now forgets events early, the first by ${hours} h: ` +
        "their redeliveries will run again. Raise maxIds or use a shared store.",
      { type: "HooklatchWarning", code: "HOOKLATCH_EARLY_EVICTION" },
    );
  };
}
