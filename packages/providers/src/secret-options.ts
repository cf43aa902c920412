import type { Provider } from "@hooklatch/core";
import { ConfigError } from "@hooklatch/core/errors";
import type { CacheOptions, Keys } from "@hooklatch/core/schemes";

import { readOtherKeys } from "./other-keys.ts";

/** What the providers of platforms that sign with a shared secret have in common. */
export interface SecretOptions {
  /** One secret, several while they are rotated, a function that fetches them, or a list of both. */
  readonly secrets: Keys<string>;
  /** How long fetched secrets are kept, in milliseconds. Default: 5 minutes. */
  readonly cacheMs?: number;
  /** When no secret fits, they are fetched anew, but not more often than this, in milliseconds. Default: 1 minute. */
  readonly refreshCooldownMs?: number;
  /**
   * Secrets that are known but MUST NOT be accepted here, by a name for each, such as `{ "test mode": … }` at a live
   * endpoint. They prove nothing: `result.explain()` tells which of them a refused delivery was signed with.
   */
  readonly otherKeys?: Readonly<Record<string, string>>;
  /** The largest body accepted, in bytes. */
  readonly maxBodyBytes?: number;
  /** Standard Schemas that payloads must pass, by event type. */
  readonly schemas?: NonNullable<Provider["schemas"]>;
}

/** What a platform's secret is, for the one who forgot it. */
export interface SecretHint {
  /** The environment variable that most apps keep it in. */
  readonly variable: string;
  /** Where it is found. */
  readonly help: string;
  /** Says what a text is that can be no secret of this platform. */
  readonly mistakenFor?: (secret: string) => string | undefined;
}

/**
 * Reads the secrets out of a provider's options, in the form a scheme takes them. What the types promise, an environment
 * variable that is not set breaks.
 *
 * @throws {ConfigError} `ERR_SECRET_MISSING` naming the variable, `ERR_KEY_INVALID`, `ERR_OPTION_INVALID`
 */
export function secretsOf(
  { secrets, cacheMs, refreshCooldownMs, ...options }: SecretOptions,
  hint: SecretHint,
): Pick<SecretOptions, "secrets" | "otherKeys" | keyof CacheOptions> {
  if (!Array.isArray(secrets)) assertSecret(secrets, "secrets", hint);
  else {
    if (secrets.length === 0) throw missing("secrets is an empty list", hint);
    for (const [index, secret] of secrets.entries()) assertSecret(secret, `secrets[${index}]`, hint);
  }
  return {
    secrets,
    ...readOtherKeys(options, hint),
    ...(cacheMs === undefined ? {} : { cacheMs }),
    ...(refreshCooldownMs === undefined ? {} : { refreshCooldownMs }),
  };
}

interface Limits {
  readonly maxBodyBytes?: number | undefined;
  readonly schemas?: SecretOptions["schemas"] | undefined;
}

/**
 * What a provider takes from its options as it is.
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID`
 */
export function limitsOf({ maxBodyBytes, schemas }: Limits): Partial<Pick<Provider, "maxBodyBytes" | "schemas">> {
  if (maxBodyBytes !== undefined && !(Number.isSafeInteger(maxBodyBytes) && maxBodyBytes > 0)) {
    throw new ConfigError("ERR_OPTION_INVALID", "maxBodyBytes must be a whole number above 0.");
  }
  return {
    ...(maxBodyBytes === undefined ? {} : { maxBodyBytes }),
    ...(schemas === undefined ? {} : { schemas }),
  };
}

function assertSecret(secret: unknown, name: string, hint: SecretHint): void {
  if (secret === undefined || secret === null) throw missing(`${name} is ${secret}`, hint);
  // What a function answers is checked when it is called.
  if (typeof secret === "function") return;
  if (typeof secret !== "string") {
    throw new ConfigError("ERR_KEY_INVALID", `${name} is neither a text nor a function that fetches one.`);
  }
  if (secret.trim() === "") throw missing(`${name} is blank`, hint);
  const mistake = hint.mistakenFor?.(secret.trim());
  if (mistake !== undefined) throw new ConfigError("ERR_KEY_INVALID", `${name} is ${mistake}.`, { help: hint.help });
}

function missing(what: string, { variable, help }: SecretHint): ConfigError {
  return new ConfigError("ERR_SECRET_MISSING", `${what}; did you set ${variable}?`, { help });
}
