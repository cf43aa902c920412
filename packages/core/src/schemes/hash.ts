import { createHmac } from "node:crypto";

import { ConfigError } from "../errors.ts";

/**
 * Refuses the name of a hash that cannot be computed here.
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID`
 */
export function assertHash(hash: string): void {
  try {
    // Some hashes, such as shake256, are known and still no good for a signature.
    createHmac(hash, "any key").digest();
  } catch {
    throw new ConfigError(
      "ERR_OPTION_INVALID",
      `hash is ${JSON.stringify(hash)}, which this build of Node cannot sign with.`,
    );
  }
}
