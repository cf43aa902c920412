import { systemClock } from "../clock.ts";
import { withDeadline } from "../deadline.ts";
import { BackendError, ConfigError } from "../errors.ts";
import type { Resolver } from "./options.ts";

const resolveTimeoutMs = 10_000;

/** How many deliveries may wait for an answer. Nobody has proven them yet, and each holds its body. */
const maxWaiting = 100;

/** While a source is away, it is asked no more often than this, unless its options say otherwise. */
const defaultFailurePauseMs = 5_000;

/** Turns what the user gave into what the scheme computes with, once. Throws a `ConfigError` for a bad one. */
export type KeyReader<Given, Ready> = (given: Given) => Ready;

/** How long resolved keys are kept; see `SignatureOptions`. */
export interface CacheOptions {
  readonly cacheMs?: number | undefined;
  readonly refreshCooldownMs?: number | undefined;
}

/** What a scheme that knows its source may set besides. */
export interface SourceOptions extends CacheOptions {
  /** How long a source that failed is left alone, in milliseconds. Default: 5 seconds. */
  readonly failurePauseMs?: number | undefined;
}

/** The keys of one resolver, kept for a while. However many deliveries wait, the resolver is asked once at a time. */
export class ResolvedKeys<Given, Ready> {
  readonly #resolve: Resolver<Given>;
  readonly #read: KeyReader<Given, Ready>;
  readonly #cacheMs: number;
  readonly #cooldownMs: number;
  readonly #failurePauseMs: number;
  #keys: readonly Ready[] = [];
  #loadedAtMs = Number.NEGATIVE_INFINITY;
  #triedAtMs = Number.NEGATIVE_INFINITY;
  #failure: BackendError | undefined;
  #loading: Promise<readonly Ready[]> | undefined;
  #waiting = 0;

  constructor(resolve: Resolver<Given>, read: KeyReader<Given, Ready>, options: SourceOptions) {
    this.#resolve = resolve;
    this.#read = read;
    this.#cacheMs = options.cacheMs ?? 300_000;
    this.#cooldownMs = options.refreshCooldownMs ?? 60_000;
    this.#failurePauseMs = options.failurePauseMs ?? defaultFailurePauseMs;
  }

  /**
   * The keys, from the cache while it is fresh.
   *
   * @throws {BackendError} `ERR_KEY_SOURCE_UNAVAILABLE`, `ERR_KEY_SOURCE_EMPTY`
   */
  async current(nowMs: number): Promise<readonly Ready[]> {
    if (nowMs - this.#loadedAtMs < this.#cacheMs) return this.#keys;
    // A flood of deliveries must not become a flood of questions.
    if (this.#failure !== undefined && nowMs - this.#triedAtMs < this.#failurePauseMs) throw this.#failure;
    return this.#load(nowMs);
  }

  /** The keys that were last resolved, fresh or not; the source is not asked. */
  get known(): readonly Ready[] {
    return this.#keys;
  }

  /** When they were last resolved, in milliseconds since the epoch; minus infinity before the first time. */
  get loadedAtMs(): number {
    return this.#loadedAtMs;
  }

  /**
   * The keys anew, after none of the cached ones fitted; nothing during the cooldown, so that forgeries cause no storm.
   *
   * @throws {BackendError} as `current` does
   */
  async refreshed(nowMs: number): Promise<readonly Ready[]> {
    if (this.#loading !== undefined) return this.#load(nowMs);
    if (nowMs - this.#triedAtMs >= this.#cooldownMs) return this.#load(nowMs);
    // The last question failed: whether there is a newer key is still not known.
    if (this.#failure !== undefined) throw this.#failure;
    return [];
  }

  async #load(nowMs: number): Promise<readonly Ready[]> {
    if (this.#waiting >= maxWaiting) {
      throw new BackendError("ERR_OVERLOADED", `${maxWaiting} deliveries wait for the secrets or keys to be resolved.`);
    }
    this.#waiting++;
    const loading = (this.#loading ??= this.#loadOnce(nowMs).finally(() => (this.#loading = undefined)));
    try {
      return await loading;
    } catch (cause) {
      if (cause instanceof BackendError) throw cause;
      // Not the resolver's failure: Cloudflare Workers drop what a request has begun, when it ends before its time, and
      // tell the others who wait for it. Kept, it would refuse every delivery from here on.
      if (this.#loading === loading) this.#loading = undefined;
      throw new BackendError("ERR_KEY_SOURCE_UNAVAILABLE", "The host dropped the request that asked for the keys.", {
        help: "Pass waitUntil to the handler.",
        cause,
      });
    } finally {
      this.#waiting--;
    }
  }

  async #loadOnce(nowMs: number): Promise<readonly Ready[]> {
    this.#triedAtMs = nowMs;
    try {
      this.#keys = this.#readAll(await this.#ask());
    } catch (cause) {
      if (cause instanceof BackendError) this.#failure = cause;
      throw cause;
    }
    this.#loadedAtMs = nowMs;
    this.#failure = undefined;
    return this.#keys;
  }

  async #ask(): Promise<Given | readonly Given[]> {
    try {
      // In an async function, so that a resolver that throws at once is like one that rejects.
      const work = (async () => this.#resolve())();
      return await withDeadline(work, resolveTimeoutMs, systemClock, () => new Error("No answer within 10 seconds."));
    } catch (cause) {
      if (isMissing(cause)) throw empty(cause);
      throw new BackendError("ERR_KEY_SOURCE_UNAVAILABLE", "The secrets or keys could not be resolved.", { cause });
    }
  }

  #readAll(given: Given | readonly Given[]): readonly Ready[] {
    const list = isList(given) ? given : [given];
    if (list.length === 0) {
      throw new BackendError("ERR_KEY_SOURCE_EMPTY", "The resolver answered with no secret or key.");
    }
    try {
      return list.map((key) => this.#read(key));
    } catch (cause) {
      if (isMissing(cause)) throw empty(cause);
      throw new BackendError(
        "ERR_KEY_SOURCE_UNAVAILABLE",
        "The resolver answered with a secret or key that cannot be used.",
        { cause },
      );
    }
  }
}

/** A resolver may read what it fetched by itself, and find the same. */
function isMissing(cause: unknown): boolean {
  return cause instanceof ConfigError && cause.code === "ERR_SECRET_MISSING";
}

function empty(cause: unknown): BackendError {
  return new BackendError("ERR_KEY_SOURCE_EMPTY", "The resolver answered with an empty secret or key.", { cause });
}

/** Whether it is several. */
export function isList<Item>(value: Item | readonly Item[]): value is readonly Item[] {
  return Array.isArray(value);
}
