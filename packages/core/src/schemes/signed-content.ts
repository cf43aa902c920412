import type { Delivery } from "../delivery.ts";
import { ConfigError, RejectedError } from "../errors.ts";
import type { SignatureOptions, TimestampOptions } from "./options.ts";

/** What a signature is computed over. */
export interface SignedContent {
  /** Headers it takes a part from, in lower case. */
  readonly headers: readonly string[];
  /** The parts in their order; a string stands for its Latin-1 bytes, one to a character, as header values do. */
  read(delivery: Delivery, timestamp: string): readonly (string | Uint8Array)[];
}

type Part =
  // `text` has one character for each of its bytes, as header values have.
  { readonly text: string } | { readonly header: string } | "timestamp" | "body";

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
    read(delivery, time) {
      // One text before the body: each part that is hashed by itself is another call into OpenSSL.
      let text = "";
      for (const [index, part] of parts.entries()) {
        if (part === "timestamp") text += time;
        else if (part !== "body")
          text += "text" in part ? part.text : readValue(part.header, parts[index + 1], delivery);
      }
      return [text, delivery.body];
    },
  };
}

function readPart(piece: string, isPlaceholder: boolean, timestamp: TimestampOptions | undefined): readonly Part[] {
  if (!isPlaceholder) {
    if (/[{}]/.test(piece)) {
      throw invalid(`content has a brace that belongs to no placeholder: ${JSON.stringify(piece)}`);
    }
    return piece === "" ? [] : [{ text: Buffer.from(piece, "utf8").toString("latin1") }];
  }
  if (piece === "body") return ["body"];
  if (piece !== "timestamp") return [{ header: piece.slice("header:".length).toLowerCase() }];
  if (timestamp === undefined) throw invalid("content names {timestamp}, but the option timestamp is missing");
  return ["timestamp"];
}

function assertSound(parts: readonly Part[], content: string, timestamp: TimestampOptions | undefined): void {
  if (parts.filter((part) => part === "body").length !== 1 || parts.at(-1) !== "body") {
    throw invalid(`content must end with {body}, once: got ${JSON.stringify(content)}`);
  }
  if (timestamp !== undefined && !parts.includes("timestamp")) {
    throw invalid("timestamp is set, but content does not sign it; an unsigned time proves nothing");
  }
  for (const [index, part] of parts.entries()) {
    if (part === "body" || (part !== "timestamp" && "text" in part)) continue;
    const separator = separatorOf(parts[index + 1]);
    // Without a separator, bytes could be moved between a header and the body under one signature.
    if (separator === "" || (part === "timestamp" && /^\d/.test(separator))) {
      throw invalid(`content needs a separator after {${part === "timestamp" ? part : `header:${part.header}`}}`);
    }
  }
}

function separatorOf(next: Part | undefined): string {
  return typeof next === "object" && "text" in next ? next.text : "";
}

function readValue(header: string, next: Part | undefined, delivery: Delivery): string {
  const value = delivery.header(header);
  if (value === undefined) throw new RejectedError("ERR_SIGNATURE_MISSING", `The header ${header} is missing.`);
  // A host that decodes headers itself can have such characters; cut to a byte each, they would equal others.
  if (/[^\0-\u00ff]/.test(value)) {
    throw new RejectedError("ERR_SIGNATURE_MALFORMED", `The header ${header} has characters that are no bytes.`);
  }
  const separator = separatorOf(next);
  // Behind the value and nowhere before: not in it, nor half in it, as "::" would be after "x:".
  if (separator !== "" && (value + separator).indexOf(separator) !== value.length) {
    throw new RejectedError(
      "ERR_SIGNATURE_MALFORMED",
      `The header ${header} contains the separator of the signed text.`,
    );
  }
  return value;
}

function invalid(what: string): ConfigError {
  return new ConfigError("ERR_OPTION_INVALID", `In a scheme's options, ${what}.`);
}
