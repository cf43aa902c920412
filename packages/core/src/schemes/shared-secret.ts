import { createHash, createSecretKey, timingSafeEqual } from "node:crypto";
import type { KeyObject } from "node:crypto";

import type { Delivery } from "../delivery.ts";
import { ConfigError, RejectedError } from "../errors.ts";
import type { Scheme } from "../scheme.ts";
import { KeySource } from "./key-source.ts";
import type { Keys } from "./options.ts";
import type { CacheOptions } from "./resolved-keys.ts";
import { createSecretReader, describePlace } from "./secret-place.ts";
import type { SharedSecretPlace } from "./secret-place.ts";

/** How a shared secret is checked. */
export type SharedSecretOptions = SharedSecretPlace & CacheOptions & { readonly secrets: Keys<string> };

/** Shorter ones can be guessed at the rate at which an endpoint answers. */
const shortestSecret = 16;

/**
 * A secret that comes with every delivery, for platforms that do not sign. It proves that the sender knows the secret,
 * and nothing about the body: whoever sees one delivery can send any other. Use TLS, keep the secret out of access
 * logs, and add `ipAllowlist` where the platform names its addresses.
 *
 * @throws {ConfigError} `ERR_SECRET_MISSING`, `ERR_OPTION_INVALID` for a secret (of `basic`, a password) under 16
 *   characters
 */
export function sharedSecret(options: SharedSecretOptions): Scheme {
  const read = createSecretReader(options);
  const secrets = new KeySource(options.secrets, (secret: string) => readSecret(secret, options), options);
  return {
    headers: headersOf(options),
    verify(delivery: Delivery, nowMs: number) {
      const given = digest(read(delivery));
      const conclude = (isGood: boolean): Uint8Array => {
        if (isGood) return delivery.body;
        throw new RejectedError(
          "ERR_SIGNATURE_MISMATCH",
          `The secret in the ${describePlace(options)} is none of the configured ones.`,
          { help: "Either somebody else sent it, or the secret was changed on one side only." },
        );
      };
      const isGood = secrets.some((secret) => timingSafeEqual(secret.digest, given), nowMs);
      return typeof isGood === "boolean" ? conclude(isGood) : isGood.then(conclude);
    },
    async explain(delivery) {
      const { explainSharedSecret } = await import("./explain/explain-shared-secret.ts");
      const known = secrets.known.map(({ object }) => object);
      return explainSharedSecret(delivery, { place: options, secrets: known, given: readGiven(delivery, read) });
    },
  };
}

function readGiven(delivery: Delivery, read: (delivery: Delivery) => string): string | undefined {
  try {
    return read(delivery);
  } catch (cause) {
    if (cause instanceof RejectedError) return undefined;
    throw cause;
  }
}

function headersOf(place: SharedSecretPlace): readonly string[] {
  if (place.in === "basic") return ["authorization"];
  return place.in === "header" ? [place.name.toLowerCase()] : [];
}

/** Digests have one length, so that comparing them tells nothing of the secret's own. */
function digest(text: string): Uint8Array {
  return createHash("sha256").update(text, "utf8").digest();
}

/** The digest is what is compared; the secret itself is only looked at when somebody asks for an explanation. */
interface ReadySecret {
  readonly digest: Uint8Array;
  readonly object: KeyObject;
}

function readSecret(secret: string, place: SharedSecretPlace): ReadySecret {
  if (typeof secret !== "string" || secret.trim() === "") {
    throw new ConfigError("ERR_SECRET_MISSING", "A secret is empty, blank or missing.", {
      help: "Check that the environment variable it comes from is set.",
    });
  }
  const colon = secret.indexOf(":");
  if (place.in === "basic" && colon === -1) {
    throw new ConfigError("ERR_OPTION_INVALID", "A shared secret in basic must be user:password; it has no colon.");
  }
  // The user's name is no secret.
  const length = place.in === "basic" ? secret.length - colon - 1 : secret.length;
  if (length < shortestSecret) {
    throw new ConfigError("ERR_OPTION_INVALID", `A shared secret has fewer than ${shortestSecret} characters.`, {
      help: "Make one with: openssl rand -hex 32",
    });
  }
  return { digest: digest(secret), object: createSecretKey(secret, "utf8") };
}
