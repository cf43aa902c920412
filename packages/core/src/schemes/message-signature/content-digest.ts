import type { Delivery } from "../../delivery.ts";
import { RejectedError } from "../../errors.ts";
import { isDigestOf } from "../body-digest.ts";
import type { BodyHash } from "../body-digest.ts";
import { bytesOf, readDictionary } from "./structured-field.ts";

/** RFC 9530 section 5: the two that are meant for this. The others of its registry can be forged. */
const hashes: Readonly<Record<string, BodyHash>> = { "sha-256": "sha256", "sha-512": "sha512" };

/**
 * Refuses a body that is not the one its Content-Digest names, RFC 9530. Every digest with a hash we trust must be
 * right; of digests with another there must be one that we trust besides.
 *
 * @throws {RejectedError} `ERR_SIGNATURE_MISSING`, `ERR_SIGNATURE_MALFORMED`, `ERR_SIGNATURE_MISMATCH`
 */
export function assertContentDigest(delivery: Delivery): void {
  const digests = [...readDictionary(delivery, "content-digest")].flatMap(([name, member]) => {
    const hash = Object.hasOwn(hashes, name) ? hashes[name] : undefined;
    return hash === undefined ? [] : [{ hash, digest: bytesOf(member) }];
  });
  if (digests.length === 0 || digests.some(({ digest }) => digest === undefined)) {
    throw new RejectedError(
      "ERR_SIGNATURE_MALFORMED",
      "The header content-digest has no digest by sha-256 or sha-512.",
    );
  }
  if (digests.every(({ hash, digest }) => digest !== undefined && isDigestOf(delivery.body, hash, digest))) return;
  throw new RejectedError("ERR_SIGNATURE_MISMATCH", "The body is not the one that its signed content-digest names.", {
    help: "Something between the platform and Hooklatch changed the body.",
  });
}
