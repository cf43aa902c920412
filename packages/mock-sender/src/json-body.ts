import type { BodyObject } from "@hooklatch/core";

import type { EncodedBody } from "./mock-platform.ts";

/** How a platform's serialiser differs from `JSON.stringify`. */
export interface JsonStyle {
  /** Spaces by which a level is indented. Default: everything on one line. */
  readonly indent?: number;
  /** Characters that are written as an escape though they need not be; with the flag `g`. */
  readonly escaped?: RegExp;
}

/** Writes a body of JSON as a platform's own serialiser does, so that a receiver which writes it anew gets other bytes. */
export function encodeJson(value: unknown, { indent, escaped }: JsonStyle = {}): EncodedBody {
  const plain = JSON.stringify(value, undefined, indent);
  const text = escaped === undefined ? plain : plain.replaceAll(escaped, toEscape);
  // The text was made from an event's payload, which is an object.
  return { contentType: "application/json", bytes: Buffer.from(text), parsed: JSON.parse(text) as BodyObject };
}

function toEscape(character: string): string {
  if (character === "/") return String.raw`\/`;
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
