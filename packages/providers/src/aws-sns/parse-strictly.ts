import type { BodyObject } from "@hooklatch/core";
import { RejectedError } from "@hooklatch/core/errors";

const decoder = new TextDecoder("utf-8", { fatal: true });

/**
 * Parses a body whose proof stands in the body itself. A key that occurs twice at the top is refused: the value that is
 * checked here must be the one that everybody else reads.
 *
 * @throws {RejectedError} `ERR_BODY_NOT_UTF8`, `ERR_BODY_MALFORMED`, `ERR_BODY_NOT_OBJECT`
 */
export function parseStrictly(bytes: Uint8Array): BodyObject {
  const text = decode(bytes);
  const body = parse(text);
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new RejectedError("ERR_BODY_NOT_OBJECT", "The body is not a JSON object.");
  }
  const keys = topLevelKeys(text);
  if (new Set(keys).size !== keys.length) {
    throw new RejectedError("ERR_BODY_MALFORMED", "The body has the same key twice.");
  }
  // An object out of JSON.parse has text for keys.
  return body as BodyObject;
}

function decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new RejectedError("ERR_BODY_NOT_UTF8", "The body is not UTF-8.");
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the body.
    throw new RejectedError("ERR_BODY_MALFORMED", "The body is not JSON. Is raw message delivery on?");
  }
}

/** The keys at the top of a text that is known to be a JSON object, unescaped: `"Type"` is the same key as `"\u0054ype"`. */
function topLevelKeys(text: string): readonly unknown[] {
  const keys: unknown[] = [];
  let depth = 0;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (character === '"') {
      const end = endOfString(text, index);
      // In JSON, a text before a colon is a key, whatever white space stands between them.
      if (depth === 1 && text[skipSpace(text, end)] === ":") keys.push(JSON.parse(text.slice(index, end)));
      index = end - 1;
    } else if (character === "{" || character === "[") depth++;
    else if (character === "}" || character === "]") depth--;
  }
  return keys;
}

function endOfString(text: string, start: number): number {
  let index = start + 1;
  while (text[index] !== '"') index += text[index] === "\\" ? 2 : 1;
  return index + 1;
}

function skipSpace(text: string, start: number): number {
  let index = start;
  while (/[ \t\r\n]/.test(text[index] ?? "")) index++;
  return index;
}
