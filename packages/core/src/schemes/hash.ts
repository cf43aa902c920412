import { getHashes } from "node:crypto";

import { ConfigError } from "../errors.ts";

/**
 * Refuses the name of a hash that cannot be computed here.
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID`
 */
export function assertHash(hash: string): void {
  if (getHashes().includes(hash)) return;
  throw new ConfigError(
    "ERR_OPTION_INVALID",
    `hash is ${JSON.stringify(hash)}, which this build of Node does not know.`,
  );
}
