import type { Delivery } from "../../delivery.ts";
import { RejectedError } from "../../errors.ts";
import type { MessageSignatureAlgorithm } from "./algorithms.ts";
import { componentLine } from "./components.ts";
import { assertContentDigest } from "./content-digest.ts";
import { readSignature } from "./signature-input.ts";
import type { MessageSignature, WantedSignature } from "./signature-input.ts";

/** A scheme's options, checked and complete. */
export interface MessageSettings {
  /** Whether a signature over a signature base is that of any key. */
  readonly isSigned: (base: Uint8Array, signature: Uint8Array, nowMs: number) => boolean | Promise<boolean>;
  readonly wanted: WantedSignature & { readonly algorithm: MessageSignatureAlgorithm };
  readonly publicUrl: URL | undefined;
  readonly maxAgeMs: number;
  readonly toleranceMs: number;
}

/**
 * Proves a delivery: first that the signature is right, then that the body is the one it covers, then the time.
 *
 * @throws {RejectedError} `ERR_SIGNATURE_MISSING`, `ERR_SIGNATURE_MALFORMED`, `ERR_SIGNATURE_MISMATCH`,
 *   `ERR_TIMESTAMP_STALE`, `ERR_HEADER_REPEATED`
 * @throws {BackendError} when a key could not be fetched
 */
export async function verifyMessage(delivery: Delivery, settings: MessageSettings, nowMs: number): Promise<Uint8Array> {
  const found = readSignature(delivery, settings.wanted);
  const base = signatureBase(delivery, found, settings.publicUrl);
  if (!(await settings.isSigned(base, found.signature, nowMs))) throw mismatch();
  assertContentDigest(delivery);
  assertFresh(found, settings, nowMs);
  return delivery.body;
}

/** What is signed, RFC 9421 section 2.5. */
export function signatureBase(
  delivery: Delivery,
  { input, parameters }: Pick<MessageSignature, "input" | "parameters">,
  publicUrl: URL | undefined,
): Buffer {
  const lines = input[0].map((item) => componentLine(item, delivery, publicUrl));
  // Node hands header bytes over one character each.
  return Buffer.from(`${lines.join("")}"@signature-params": ${parameters}`, "latin1");
}

/** Written so that a clock that answers NaN lets nothing through. */
function assertFresh(
  { createdMs, expiresMs = Number.POSITIVE_INFINITY }: MessageSignature,
  { maxAgeMs, toleranceMs }: MessageSettings,
  nowMs: number,
): void {
  const ageMs = nowMs - createdMs;
  if (ageMs >= -toleranceMs && ageMs <= maxAgeMs + toleranceMs && nowMs < expiresMs + toleranceMs) return;
  throw new RejectedError(
    "ERR_TIMESTAMP_STALE",
    "The signature is not valid at this time: see its created and expires.",
    {
      help: "If this is not an old delivery sent again, compare the machine's clock with a time server.",
    },
  );
}

function mismatch(): RejectedError {
  return new RejectedError("ERR_SIGNATURE_MISMATCH", "The signature fits none of the configured keys.", {
    help:
      "Either somebody else sent it, or the key belongs to another endpoint or mode, " +
      "or a proxy changed a covered header, the path or the host.",
  });
}
