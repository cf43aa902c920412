import { ConfigError } from "@hooklatch/core/errors";
import type { Keys, Resolver } from "@hooklatch/core/schemes";

/** What a platform's public key is, for the one who forgot it. */
export interface PublicKeyHint {
  /** The environment variable that most apps keep it in. */
  readonly variable: string;
  /** Where it is found. */
  readonly help: string;
}

/**
 * Reads the option `publicKey`: a PEM, a function that fetches one, or a list of both. What the types promise, an
 * environment variable that is not set breaks.
 *
 * @throws {ConfigError} `ERR_SECRET_MISSING` naming the variable, `ERR_KEY_INVALID`
 */
export function readPublicKeys(
  given: Keys<string> | undefined,
  hint: PublicKeyHint,
): readonly (string | Resolver<string>)[] {
  const isList = (keys: typeof given): keys is readonly (string | Resolver<string>)[] => Array.isArray(keys);
  if (!isList(given)) return [readKey(given, "publicKey", hint)];
  if (given.length === 0) throw missingKey("publicKey is an empty list", hint);
  return given.map((key, index) => readKey(key, `publicKey[${index}]`, hint));
}

/** The error of a key that was forgotten. */
export function missingKey(what: string, { variable, help }: PublicKeyHint): ConfigError {
  return new ConfigError("ERR_SECRET_MISSING", `${what}; did you set ${variable}?`, { help });
}

function readKey(key: unknown, name: string, hint: PublicKeyHint): string | Resolver<string> {
  if (key === undefined || key === null) throw missingKey(`${name} is ${key}`, hint);
  if (typeof key === "string" && key.trim() === "") throw missingKey(`${name} is blank`, hint);
  if (typeof key === "string" || isResolver(key)) return key;
  throw new ConfigError("ERR_KEY_INVALID", `${name} is neither a PEM nor a function that fetches one.`);
}

/** What it answers is checked when it is called. */
function isResolver(key: unknown): key is Resolver<string> {
  return typeof key === "function";
}
