import { RejectedError } from "../errors.ts";

// `fatal`: two different bodies must never become the same text. It drops a byte order mark, as RFC 8259 section 8.1 allows.
const decoder = new TextDecoder("utf-8", { fatal: true });

/**
 * A verified body as text.
 *
 * @throws {RejectedError} `ERR_BODY_NOT_UTF8`
 */
export function decodeText(body: Uint8Array): string {
  try {
    return decoder.decode(body);
  } catch {
    throw new RejectedError("ERR_BODY_NOT_UTF8", "The body is signed correctly, but it is not UTF-8.");
  }
}
