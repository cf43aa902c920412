import { BackendError, ConfigError } from "../errors.ts";
import type { Keys, Resolver } from "./options.ts";
import { isList, ResolvedKeys } from "./resolved-keys.ts";
import type { CacheOptions, KeyReader } from "./resolved-keys.ts";

/** The secrets or keys of a scheme, some given at start-up, some resolved when they are needed. */
export class KeySource<Given, Ready> {
  readonly #fixed: readonly Ready[];
  readonly #resolved: readonly ResolvedKeys<Given, Ready>[];

  /** @throws {ConfigError} `ERR_SECRET_MISSING` without any key, or whatever `read` throws for a bad one */
  constructor(keys: Keys<Given>, read: KeyReader<Given, Ready>, options: CacheOptions) {
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

function isResolver<Given>(value: Given | Resolver<Given>): value is Resolver<Given> {
  return typeof value === "function";
}
