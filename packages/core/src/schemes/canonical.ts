import type { SignatureEncoding } from "./options.ts";

/**
 * Decodes the one canonical spelling: lower-case hex, base64 with padding, base64url without. `undefined` for any other:
 * Node's decoders skip what they do not know and ignore unused bits.
 */
export function decodeCanonical(text: string, encoding: SignatureEncoding): Uint8Array | undefined {
  const bytes = Buffer.from(text, encoding);
  return bytes.length > 0 && bytes.toString(encoding) === text ? bytes : undefined;
}
