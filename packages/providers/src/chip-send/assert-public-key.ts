import { ConfigError } from "@hooklatch/core/errors";

/**
 * Checks that an option holds a PEM, a function that fetches one, or a list of both. What the types promise, an
 * environment variable that is not set breaks.
 *
 * @throws {ConfigError} `ERR_SECRET_MISSING` naming the variable, `ERR_KEY_INVALID`
 */
export function assertPublicKey(given: unknown): void {
  if (!Array.isArray(given)) {
    assertKey(given, "publicKey");
    return;
  }
  if (given.length === 0) throw missing("publicKey is an empty list");
  for (const [index, key] of given.entries()) assertKey(key, `publicKey[${index}]`);
}

function assertKey(key: unknown, name: string): void {
  if (key === undefined || key === null) throw missing(`${name} is ${key}`);
  if (typeof key === "string" && key.trim() === "") throw missing(`${name} is blank`);
  if (typeof key === "string" || typeof key === "function") return;
  throw new ConfigError("ERR_KEY_INVALID", `${name} is neither a PEM nor a function that fetches one.`);
}

function missing(what: string): ConfigError {
  return new ConfigError("ERR_SECRET_MISSING", `${what}; did you set CHIP_SEND_PUBLIC_KEY?`, {
    help: "Copy the public key of the webhook from CHIP Send's dashboard, or public_key from its API.",
  });
}
