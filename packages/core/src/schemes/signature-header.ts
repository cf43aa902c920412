import type { Delivery } from "../delivery.ts";
import { RejectedError } from "../errors.ts";
import type { SignatureEncoding } from "./options.ts";

/** No signature in use is longer: RSA-16384 in hex is 4,096 characters. */
const maxLength = 4096;

/** How a signature stands in its header. */
export interface SignatureHeader {
  readonly header: string;
  readonly encoding: SignatureEncoding;
  readonly prefix?: string | undefined;
}

/**
 * Reads a signature out of its header.
 *
 * @throws {RejectedError} `ERR_SIGNATURE_MISSING`, `ERR_SIGNATURE_MALFORMED`, `ERR_HEADER_REPEATED`
 */
export function readSignature(delivery: Delivery, { header, encoding, prefix = "" }: SignatureHeader): Uint8Array {
  const value = delivery.header(header);
  if (value === undefined || value === "") {
    throw new RejectedError("ERR_SIGNATURE_MISSING", `The header ${header} is missing.`);
  }
  if (!value.startsWith(prefix)) {
    throw new RejectedError("ERR_SIGNATURE_MALFORMED", `The header ${header} does not start with "${prefix}".`);
  }
  const text = value.slice(prefix.length);
  const bytes = text.length > maxLength ? undefined : decodeCanonical(text, encoding);
  if (bytes === undefined) {
    throw new RejectedError("ERR_SIGNATURE_MALFORMED", `The header ${header} is not ${describe[encoding]}.`);
  }
  return bytes;
}

const describe = {
  hex: "a signature in lower-case hex",
  base64: "a signature in base64 with padding",
  base64url: "a signature in base64url without padding",
} as const satisfies Record<SignatureEncoding, string>;

/** Decodes only the one canonical spelling: Node's decoders skip what they do not know and ignore unused bits. */
function decodeCanonical(text: string, encoding: SignatureEncoding): Uint8Array | undefined {
  const bytes = Buffer.from(text, encoding);
  return bytes.length > 0 && bytes.toString(encoding) === text ? bytes : undefined;
}
