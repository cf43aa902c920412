import { createHmac, randomBytes } from "node:crypto";

import { ConfigError } from "@hooklatch/core/errors";

import type { Signing } from "./mock-platform.ts";

/** What an app that receives from a platform with a shared secret is configured with. */
export interface SecretCredentials {
  /** As the platform shows it. */
  readonly secret: string;
}

/** How a platform with a shared secret is mocked. */
export interface SecretMockOptions {
  /** The secret to sign with, for an app whose secret is fixed. Default: a new one. */
  readonly secret?: string;
}

/** A secret of a mock, and one that is nobody's. */
export interface MockSecret extends SecretCredentials {
  /** HMAC-SHA256 with the key that the signing asks for. */
  readonly digest: (signing: Signing, ...content: readonly (string | Uint8Array)[]) => Buffer;
}

/**
 * Makes the secret of a mock, or takes the one it is given.
 *
 * @throws {ConfigError} `ERR_SECRET_MISSING` for a blank one
 */
export function createMockSecret(options: SecretMockOptions, create: (random: Buffer) => string): MockSecret {
  const secret = options.secret ?? create(randomBytes(24));
  if (secret.trim() === "") throw new ConfigError("ERR_SECRET_MISSING", "The option secret is blank.");
  const foreign = create(randomBytes(24));
  return {
    secret,
    digest({ key }, ...content) {
      const digest = createHmac("sha256", key === "own" ? secret : foreign);
      for (const part of content) digest.update(part);
      return digest.digest();
    },
  };
}
