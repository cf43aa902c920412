import { RejectedError } from "../../errors.ts";
import { isDigestOf } from "../body-digest.ts";
import type { BodyHash } from "../body-digest.ts";
import { decodeCanonical } from "../canonical.ts";
import type { SignatureEncoding } from "../options.ts";

/** Where a token carries the hash of the body that it came with. */
export interface BodyHashOptions {
  /** The claim, such as `request_body_sha256`. */
  readonly claim: string;
  /** Default: `sha256`. */
  readonly hash?: BodyHash;
  /** Platforms that share the claim's name do not share its spelling. Any other than the one named here is refused. */
  readonly encoding: SignatureEncoding;
}

/**
 * Refuses a body whose hash is not the one that the verified claims hold.
 *
 * @throws {RejectedError} `ERR_TOKEN_INVALID` when the claim is missing or spelled otherwise, `ERR_SIGNATURE_MISMATCH`
 */
export function assertBodyHash(
  claims: Readonly<Record<string, unknown>>,
  body: Uint8Array,
  { claim, hash = "sha256", encoding }: BodyHashOptions,
): void {
  const text = Object.hasOwn(claims, claim) ? claims[claim] : undefined;
  const digest = typeof text === "string" ? decodeCanonical(text, encoding) : undefined;
  if (digest === undefined) {
    throw new RejectedError("ERR_TOKEN_INVALID", `The token has no claim ${claim} with a hash in ${encoding}.`);
  }
  if (!isDigestOf(body, hash, digest)) {
    throw new RejectedError("ERR_SIGNATURE_MISMATCH", `The body is not the one that the claim ${claim} was made of.`, {
      help: "Something between the platform and Hooklatch changed the body, or the token belongs to another delivery.",
    });
  }
}
