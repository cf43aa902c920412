import { BackendError, ConfigError } from "../errors.ts";
import type { Keys, Resolver } from "./options.ts";
import { isList, ResolvedKeys } from "./resolved-keys.ts";
import type { KeyReader, SourceOptions } from "./resolved-keys.ts";

/** The secrets or keys of a scheme, some given at start-up, some resolved when they are needed. */
export class KeySource<Given, Ready> {
  readonly #fixed: readonly Ready[];
  readonly #resolved: readonly ResolvedKeys<Given, Ready>[];

  /** @throws {ConfigError} `ERR_SECRET_MISSING` without any key, or whatever `read` throws for a bad one */
  constructor(keys: Keys<Given>, read: KeyReader<Given, Ready>, options: SourceOptions) {
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

  /**
   * The keys in the order in which they should be tried, for a check that must be awaited. Stop as soon as one fits:
   * only after the last of the cached ones is a source asked anew.
   *
   * @throws {BackendError} after the last key, when one that could not be fetched might have fitted
   */
  async *each(nowMs: number): AsyncGenerator<Ready, void, undefined> {
    yield* this.#fixed;
    yield* this.#eachResolved(nowMs);
  }

  /** The keys at hand, without asking a source: for a diagnosis, which must cost no more than computing. */
  get known(): readonly Ready[] {
    return [...this.#fixed, ...this.#resolved.flatMap((keys) => keys.known)];
  }

  /** When a source last answered, in milliseconds since the epoch; `undefined` where none did. */
  get resolvedAtMs(): number | undefined {
    const latestMs = Math.max(...this.#resolved.map((keys) => keys.loadedAtMs));
    return Number.isFinite(latestMs) ? latestMs : undefined;
  }

  async #someResolved(fits: (key: Ready) => boolean, nowMs: number): Promise<boolean> {
    for await (const key of this.#eachResolved(nowMs)) if (fits(key)) return true;
    return false;
  }

  async *#eachResolved(nowMs: number): AsyncGenerator<Ready, void, undefined> {
    let failure: BackendError | undefined;
    for (const keys of this.#resolved) {
      for (const load of ["current", "refreshed"] as const) {
        try {
          yield* await keys[load](nowMs);
        } catch (cause) {
          if (!(cause instanceof BackendError)) throw cause;
          failure ??= cause;
          break;
        }
      }
    }
    // A key that could not be fetched might have fitted: "unavailable", not "refused", so that the platform tries again.
    if (failure !== undefined) throw failure;
  }
}

function isResolver<Given>(value: Given | Resolver<Given>): value is Resolver<Given> {
  return typeof value === "function";
}
