import { ConfigError } from "@hooklatch/core/errors";

import type { MockRequest } from "./mock-request.ts";

/**
 * What is wrong with a delivery.
 *
 * - `tampered`: one byte of the body is changed after signing
 * - `truncated`: the second half of the body is cut off after signing
 * - `unsigned`: it carries no signature
 * - `wrongKey`: it is signed correctly, but with keys the receiver does not know
 * - `oversized`: it is signed correctly, but one byte larger than the provider allows
 */
export type Fault = "tampered" | "truncated" | "unsigned" | "wrongKey" | "oversized";

/** Spoils a signed request, for the faults that happen on the way. */
export function spoil(request: MockRequest, fault: Fault | undefined): MockRequest {
  if (fault === "tampered") return { ...request, body: changeOneByte(request.body) };
  if (fault === "truncated") return { ...request, body: request.body.slice(0, request.body.byteLength >> 1) };
  return request;
}

/**
 * Brings a body to an exact size without changing what it says: JSON with spaces, a form with empty fields.
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID` when it is larger already
 */
export function padBody(body: Uint8Array, format: "json" | "form", bytes: number): Uint8Array<ArrayBuffer> {
  if (!Number.isSafeInteger(bytes) || bytes < body.byteLength) {
    throw new ConfigError("ERR_OPTION_INVALID", `The body has ${body.byteLength} bytes and cannot have ${bytes}.`);
  }
  const padded = new Uint8Array(bytes).fill((format === "form" ? "&" : " ").charCodeAt(0));
  padded.set(body);
  return padded;
}

/** Changes the digit nearest to the middle, so that the body stays well formed and only its signature can tell. */
function changeOneByte(body: Uint8Array): Uint8Array<ArrayBuffer> {
  const changed = new Uint8Array(body);
  const middle = changed.length >> 1;
  for (let distance = 0; distance <= middle; distance++) {
    for (const index of [middle + distance, middle - distance]) {
      const byte = changed[index];
      if (byte !== undefined && byte >= 0x30 && byte <= 0x39) {
        // Never to 0: a number may not start with it.
        changed[index] = byte === 0x39 ? 0x38 : byte + 1;
        return changed;
      }
    }
  }
  changed[middle] = (changed[middle] ?? 0) ^ 1;
  return changed;
}
