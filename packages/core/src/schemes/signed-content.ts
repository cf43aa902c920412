import type { Delivery } from "../delivery.ts";
import { ConfigError, RejectedError } from "../errors.ts";
import type { SignatureOptions, TimestampOptions } from "./options.ts";

/** What a signature is computed over. */
export interface SignedContent {
  /** Headers it takes a part from, in lower case. */
  readonly headers: readonly string[];
  /** The parts in their order; strings are header values and stand for their Latin-1 bytes, one to a character. */
  read(delivery: Delivery): readonly (string | Uint8Array)[];
}

type Part =
  // `text` has one character for each of the bytes, as header values have.
  | { readonly text: string; readonly bytes: Uint8Array }
  | { readonly header: string; readonly digits: boolean }
  | "body";

const placeholder = /\{(body|timestamp|header:[A-Za-z0-9-]+)\}/;

/**
 * Compiles the template of a signed content, such as `{timestamp}.{body}`.
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID` when it leaves out the body or a configured timestamp, or is ambiguous
 */
export function compileContent({
  content = "{body}",
  timestamp,
}: Pick<SignatureOptions, "content" | "timestamp">): SignedContent {
  const parts = content.split(placeholder).flatMap((piece, index) => readPart(piece, index % 2 === 1, timestamp));
  assertSound(parts, content, timestamp);
  const headers = parts.flatMap((part) => (typeof part === "object" && "header" in part ? [part.header] : []));
  if (content === "{body}") return { headers, read: (delivery) => [delivery.body] };
  return {
    headers,
    read: (delivery) => parts.map((part, index) => readValue(part, parts[index + 1], delivery)),
  };
}

function readPart(piece: string, isPlaceholder: boolean, timestamp: TimestampOptions | undefined): readonly Part[] {
  if (!isPlaceholder) {
    if (/[{}]/.test(piece))
      throw invalid(`content has a brace that belongs to no placeholder: ${JSON.stringify(piece)}`);
    const bytes = Buffer.from(piece, "utf8");
    return piece === "" ? [] : [{ text: bytes.toString("latin1"), bytes }];
  }
  if (piece === "body") return ["body"];
  if (piece !== "timestamp") return [{ header: piece.slice("header:".length).toLowerCase(), digits: false }];
  if (timestamp === undefined) throw invalid("content names {timestamp}, but the option timestamp is missing");
  return [{ header: timestamp.header.toLowerCase(), digits: true }];
}

function assertSound(parts: readonly Part[], content: string, timestamp: TimestampOptions | undefined): void {
  if (parts.filter((part) => part === "body").length !== 1 || parts.at(-1) !== "body") {
    throw invalid(`content must end with {body}, once: got ${JSON.stringify(content)}`);
  }
  if (timestamp !== undefined && !parts.some((part) => typeof part === "object" && "digits" in part && part.digits)) {
    throw invalid("timestamp is set, but content does not sign it; an unsigned time proves nothing");
  }
  for (const [index, part] of parts.entries()) {
    if (part === "body" || "text" in part) continue;
    const next = parts[index + 1];
    const separator = typeof next === "object" && "text" in next ? next.text : "";
    // Without a separator, bytes could be moved between a header and the body under one signature.
    if (separator === "" || (part.digits && /^\d/.test(separator))) {
      throw invalid(`content needs a separator after {${part.digits ? "timestamp" : `header:${part.header}`}}`);
    }
  }
}

function readValue(part: Part, next: Part | undefined, delivery: Delivery): string | Uint8Array {
  if (part === "body") return delivery.body;
  if ("text" in part) return part.bytes;
  const value = delivery.header(part.header);
  if (value === undefined) throw new RejectedError("ERR_SIGNATURE_MISSING", `The header ${part.header} is missing.`);
  if (part.digits && !/^\d{1,15}$/.test(value)) {
    throw new RejectedError("ERR_TIMESTAMP_INVALID", `The header ${part.header} is not a whole number.`);
  }
  // A host that decodes headers itself can have such characters; cut to a byte each, they would equal others.
  if (/[^\0-\u00ff]/.test(value)) {
    throw new RejectedError("ERR_SIGNATURE_MALFORMED", `The header ${part.header} has characters that are no bytes.`);
  }
  const separator = typeof next === "object" && "text" in next ? next.text : "";
  // Behind the value and nowhere before: not in it, nor half in it, as "::" would be after "x:".
  if (separator !== "" && (value + separator).indexOf(separator) !== value.length) {
    throw new RejectedError(
      "ERR_SIGNATURE_MALFORMED",
      `The header ${part.header} contains the separator of the signed text.`,
    );
  }
  return value;
}

function invalid(what: string): ConfigError {
  return new ConfigError("ERR_OPTION_INVALID", `In a scheme's options, ${what}.`);
}
