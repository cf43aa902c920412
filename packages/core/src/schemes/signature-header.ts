import type { Delivery } from "../delivery.ts";
import { RejectedError } from "../errors.ts";
import { decodeCanonical } from "./canonical.ts";
import type { SignatureEncoding, SignatureFields } from "./options.ts";

/** No signature in use is longer: RSA-16384 in hex is 4,096 characters. */
const maxLength = 4096;

/** While a key is rotated there are two. Each further one is work that a stranger asks for. */
const maxSignatures = 8;

/** How signatures stand in their header. */
export interface SignatureHeader {
  readonly header: string;
  readonly encoding: SignatureEncoding;
  readonly prefix?: string | undefined;
  readonly fields?: SignatureFields | undefined;
}

/** What a header said. */
export interface SignedHeader {
  /** At least one. */
  readonly signatures: readonly Uint8Array[];
  /** The values of one field. */
  readonly values: (field: string) => readonly string[];
}

/**
 * Reads the signatures out of their header.
 *
 * @throws {RejectedError} `ERR_SIGNATURE_MISSING`, `ERR_SIGNATURE_MALFORMED`, `ERR_HEADER_REPEATED`
 */
export function readSignatureHeader(delivery: Delivery, place: SignatureHeader): SignedHeader {
  const { header, prefix = "", fields } = place;
  const value = delivery.header(header);
  if (value === undefined || value === "") {
    throw new RejectedError("ERR_SIGNATURE_MISSING", `The header ${header} is missing.`);
  }
  if (value.length > maxLength) throw malformed(header, `is longer than ${maxLength} characters`);
  if (fields === undefined) return { signatures: [decode(strip(value, prefix, header), place)], values: () => [] };

  const values = (field: string): readonly string[] => valuesOf(value, fields, field);
  const texts = values(fields.signature);
  if (texts.length === 0) {
    throw new RejectedError("ERR_SIGNATURE_MISSING", `The header ${header} has no value named ${fields.signature}.`);
  }
  if (texts.length > maxSignatures) throw malformed(header, `has more than ${maxSignatures} signatures`);
  return { signatures: texts.map((text) => decode(strip(text, prefix, header), place)), values };
}

function valuesOf(value: string, { separator, assign }: SignatureFields, field: string): readonly string[] {
  const start = `${field}${assign}`;
  // Blanks around a value are what some senders write for looks; blanks within one are refused where it is read.
  const parts = value.split(separator).map((part) => part.replace(/^[ \t]+|[ \t]+$/g, ""));
  return parts.filter((part) => part.startsWith(start)).map((part) => part.slice(start.length));
}

function strip(text: string, prefix: string, header: string): string {
  if (text.startsWith(prefix)) return text.slice(prefix.length);
  throw malformed(header, `does not start with "${prefix}"`);
}

function decode(text: string, { header, encoding }: SignatureHeader): Uint8Array {
  const bytes = decodeCanonical(text, encoding);
  if (bytes !== undefined) return bytes;
  throw malformed(header, `is not ${describe[encoding]}`);
}

const describe = {
  hex: "a signature in lower-case hex",
  base64: "a signature in base64 with padding",
  base64url: "a signature in base64url without padding",
} as const satisfies Record<SignatureEncoding, string>;

function malformed(header: string, what: string): RejectedError {
  return new RejectedError("ERR_SIGNATURE_MALFORMED", `The header ${header} ${what}.`);
}
