import type { BodyObject } from "@hooklatch/core";

import type { EncodedBody } from "../mock-platform.ts";

/**
 * Writes JSON the way Python's `json.dumps` does, which CHIP uses: a space after each comma and colon, and everything
 * beyond ASCII as an escape. A receiver that parses the body and writes it again gets other bytes, so its check fails
 * here as it would with CHIP.
 */
export function encodePythonJson(value: unknown): EncodedBody {
  // An indented text has a line break between any two parts, and never within a string.
  const text = JSON.stringify(value, undefined, 1)
    .replaceAll(/,\n */g, ", ")
    .replaceAll(/\n */g, "")
    .replaceAll(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  // The text was made from the event's payload, which is an object.
  return { contentType: "application/json", bytes: Buffer.from(text), parsed: JSON.parse(text) as BodyObject };
}
