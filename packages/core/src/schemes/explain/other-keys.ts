import { ConfigError } from "../../errors.ts";
import { printable } from "../../printable.ts";
import type { Trial } from "./trial.ts";

/**
 * Reads the option `otherKeys`, at start-up, so that a bad one shows there and not when a diagnosis is wanted.
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID`, or whatever `read` throws for a bad key
 */
export function readOtherKeys<Given, Ready>(
  given: Readonly<Record<string, Given>> | undefined,
  read: (key: Given) => Ready,
): ReadonlyMap<string, Ready> {
  if (given === undefined) return new Map();
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw new ConfigError("ERR_OPTION_INVALID", "In a scheme's options, otherKeys must be an object of keys by name.");
  }
  return new Map(Object.entries(given).map(([name, key]) => [name, read(key)]));
}

/** Whether a signature fits a key that is known, but not accepted here. */
export function* otherKeyTrials<Ready>(
  others: ReadonlyMap<string, Ready>,
  checkOf: (key: Ready) => NonNullable<Trial["check"]>,
): Generator<Trial, void, undefined> {
  for (const [name, key] of others) {
    yield {
      cause: "other-key",
      message:
        `The signature fits the key named ${JSON.stringify(printable(name, 60))} among otherKeys, which is not accepted ` +
        "here. Either the platform's webhook of that name points at this endpoint by mistake, or its key belongs among " +
        "the accepted ones.",
      check: checkOf(key),
    };
  }
}

/** What it means that a signature fits with another algorithm. */
export function otherAlgorithm(name: string): Pick<Trial, "cause" | "message"> {
  return {
    cause: "signature-algorithm",
    message:
      `The signature is good, but made with ${name}, and something else is configured. If the platform's documentation ` +
      "says so, set the scheme's options to it.",
  };
}
