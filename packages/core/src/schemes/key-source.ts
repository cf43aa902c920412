import { systemClock } from "../clock.ts";
import { withDeadline } from "../deadline.ts";
import { BackendError, ConfigError } from "../errors.ts";
import type { Keys, Resolver } from "./options.ts";

const resolveTimeoutMs = 10_000;

/** Turns what the user gave into what the scheme computes with, once. Throws a {@link ConfigError} for a bad one. */
export type KeyReader<Given, Ready> = (given: Given) => Ready;

interface KeySourceOptions {
  readonly cacheMs?: number | undefined;
  readonly refreshCooldownMs?: number | undefined;
}

/** The secrets or keys of a scheme, some given at start-up, some resolved when they are needed. */
export class KeySource<Given, Ready> {
  readonly #fixed: readonly Ready[];
  readonly #resolved: readonly ResolvedKeys<Given, Ready>[];

  /** @throws {ConfigError} `ERR_SECRET_MISSING` without any key, or whatever `read` throws for a bad one */
  constructor(keys: Keys<Given>, read: KeyReader<Given, Ready>, options: KeySourceOptions) {
    const given: readonly (Given | Resolver<Given>)[] = isList(keys) ? keys : [keys];
    if (given.length === 0) {
      throw new ConfigError("ERR_SECRET_MISSING", "The list of secrets or keys is empty.");
    }
    this.#fixed = given.filter((key): key is Given => !isResolver(key)).map((key) => read(key));
    this.#resolved = given
      .filter((key) => isResolver<Given>(key))
      .map((resolve) => new ResolvedKeys(resolve, read, options));
  }

  /** Whether any key fits. Keys given at start-up come first, so that most deliveries wait for nothing. */
  some(fits: (key: Ready) => boolean, nowMs: number): boolean | Promise<boolean> {
    if (this.#fixed.some(fits)) return true;
    return this.#resolved.length > 0 && this.#someResolved(fits, nowMs);
  }

  async #someResolved(fits: (key: Ready) => boolean, nowMs: number): Promise<boolean> {
    let failure: BackendError | undefined;
    for (const keys of this.#resolved) {
      try {
        if ((await keys.current(nowMs)).some(fits) || (await keys.refreshed(nowMs)).some(fits)) return true;
      } catch (cause) {
        if (!(cause instanceof BackendError)) throw cause;
        failure ??= cause;
      }
    }
    // A key that could not be fetched might have fitted: "unavailable", not "refused", so that the platform tries again.
    if (failure !== undefined) throw failure;
    return false;
  }
}

class ResolvedKeys<Given, Ready> {
  readonly #resolve: Resolver<Given>;
  readonly #read: KeyReader<Given, Ready>;
  readonly #cacheMs: number;
  readonly #cooldownMs: number;
  #keys: readonly Ready[] = [];
  #loadedAtMs = Number.NEGATIVE_INFINITY;
  #triedAtMs = Number.NEGATIVE_INFINITY;
  #loading: Promise<readonly Ready[]> | undefined;

  constructor(resolve: Resolver<Given>, read: KeyReader<Given, Ready>, options: KeySourceOptions) {
    this.#resolve = resolve;
    this.#read = read;
    this.#cacheMs = options.cacheMs ?? 300_000;
    this.#cooldownMs = options.refreshCooldownMs ?? 60_000;
  }

  /** The keys, from the cache while it is fresh. */
  async current(nowMs: number): Promise<readonly Ready[]> {
    return nowMs - this.#loadedAtMs < this.#cacheMs ? this.#keys : this.#load(nowMs);
  }

  /** The keys anew, after none of the cached ones fitted; nothing during the cooldown, so forgeries cause no storm. */
  async refreshed(nowMs: number): Promise<readonly Ready[]> {
    if (this.#loading !== undefined) return this.#loading;
    return nowMs - this.#triedAtMs < this.#cooldownMs ? [] : this.#load(nowMs);
  }

  #load(nowMs: number): Promise<readonly Ready[]> {
    this.#loading ??= this.#resolveOnce(nowMs).finally(() => (this.#loading = undefined));
    return this.#loading;
  }

  async #resolveOnce(nowMs: number): Promise<readonly Ready[]> {
    this.#triedAtMs = nowMs;
    const given = await this.#ask();
    const list = isList(given) ? given : [given];
    try {
      this.#keys = list.map((key) => this.#read(key));
    } catch (cause) {
      const isMissing = cause instanceof ConfigError && cause.code === "ERR_SECRET_MISSING";
      throw new BackendError(
        isMissing ? "ERR_KEY_SOURCE_EMPTY" : "ERR_KEY_SOURCE_UNAVAILABLE",
        `The resolver answered with a secret or key that cannot be used.`,
        { cause },
      );
    }
    if (list.length === 0)
      throw new BackendError("ERR_KEY_SOURCE_EMPTY", "The resolver answered with no secret or key.");
    this.#loadedAtMs = nowMs;
    return this.#keys;
  }

  async #ask(): Promise<Given | readonly Given[]> {
    try {
      // In an async function, so that a resolver that throws at once is like one that rejects.
      const work = (async () => this.#resolve())();
      return await withDeadline(
        work,
        resolveTimeoutMs,
        systemClock,
        () => new Error("It did not answer in 10 seconds."),
      );
    } catch (cause) {
      throw new BackendError("ERR_KEY_SOURCE_UNAVAILABLE", "The secrets or keys could not be resolved.", { cause });
    }
  }
}

function isList<Item>(value: Item | readonly Item[]): value is readonly Item[] {
  return Array.isArray(value);
}

function isResolver<Given>(value: Given | Resolver<Given>): value is Resolver<Given> {
  return typeof value === "function";
}
