import { createHash, timingSafeEqual } from "node:crypto";

/** The hashes that are good enough to stand for a body. */
export type BodyHash = "sha256" | "sha384" | "sha512";

/** Whether a digest is that of the exact bytes of a body. Compares in constant time. */
export function isDigestOf(body: Uint8Array, hash: BodyHash, digest: Uint8Array): boolean {
  const expected = createHash(hash).update(body).digest();
  return expected.length === digest.length && timingSafeEqual(expected, digest);
}
