import type { KeyObject } from "node:crypto";

import type { Delivery } from "../../delivery.ts";
import { RejectedError } from "../../errors.ts";
import type { Secret } from "../hmac.ts";
import type { KeySource } from "../key-source.ts";
import type { PublicKeyInput } from "../public-key.ts";
import { messageSignatureAlgorithms } from "./algorithms.ts";
import type { MessageSignatureAlgorithm } from "./algorithms.ts";
import { componentLine } from "./components.ts";
import { assertContentDigest } from "./content-digest.ts";
import { readSignature } from "./signature-input.ts";
import type { MessageSignature, WantedSignature } from "./signature-input.ts";

/** A scheme's options, checked and complete. */
export interface MessageSettings {
  readonly keys: KeySource<Secret | PublicKeyInput, KeyObject>;
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
  const { verify } = messageSignatureAlgorithms[settings.wanted.algorithm];
  if (!(await settings.keys.some((key) => verify(base, key, found.signature), nowMs))) throw mismatch();
  assertContentDigest(delivery);
  assertFresh(found, settings, nowMs);
  return delivery.body;
}

/** RFC 9421 section 2.5. */
function signatureBase(
  delivery: Delivery,
  { input, parameters }: MessageSignature,
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
