import { parseDictionary, serializeDictionary } from "structured-headers";
import type { Dictionary, InnerList, Item } from "structured-headers";

import type { Delivery } from "../../delivery.ts";
import { RejectedError } from "../../errors.ts";

/** Long enough for several RSA signatures. */
const maxLength = 8_192;

/**
 * Reads a header that is a dictionary of RFC 9651, in its one canonical spelling. The parser is lenient where the RFC
 * lets it be: of two members or parameters of one name the last wins, `01` is 1, padding may be missing. Where two
 * parsers may differ, a signature can mean two things, so whatever does not come out as it went in is refused.
 *
 * @throws {RejectedError} `ERR_SIGNATURE_MISSING`, `ERR_SIGNATURE_MALFORMED`, `ERR_HEADER_REPEATED`
 */
export function readDictionary(delivery: Delivery, header: string): Dictionary {
  const text = delivery.header(header);
  if (text === undefined || text.trim() === "") {
    throw new RejectedError("ERR_SIGNATURE_MISSING", `The header ${header} is missing.`);
  }
  const dictionary = text.length > maxLength ? undefined : parseCanonical(text);
  if (dictionary !== undefined) return dictionary;
  throw new RejectedError(
    "ERR_SIGNATURE_MALFORMED",
    `The header ${header} is not a structured field as RFC 9651 writes it.`,
  );
}

function parseCanonical(text: string): Dictionary | undefined {
  try {
    const dictionary = parseDictionary(text);
    return withoutSpaces(serializeDictionary(dictionary)) === withoutSpaces(text) ? dictionary : undefined;
  } catch {
    return undefined;
  }
}

/** Space beside a comma is the one thing that may differ: proxies put it there when they join lines. */
function withoutSpaces(text: string): string {
  return text
    .split(",")
    .map((part) => part.trim())
    .join(",");
}

/** The bytes of a member that is a byte sequence without parameters; `undefined` for any other. */
export function bytesOf(member: Item | InnerList | undefined): Uint8Array | undefined {
  const [value, parameters] = member ?? [];
  return value instanceof ArrayBuffer && parameters?.size === 0 ? new Uint8Array(value) : undefined;
}

/** Whether a member is a list in parentheses. */
export function isInnerList(member: Item | InnerList | undefined): member is InnerList {
  return Array.isArray(member?.[0]);
}

/** A value that is text in quotes; `undefined` for any other. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
