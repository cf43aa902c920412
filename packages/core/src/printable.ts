const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/**
 * Text of a stranger made fit for a log line: no line breaks, no control or direction characters, not too long.
 *
 * @param maxLength - in UTF-16 code units; what is longer is cut
 */
export function printable(text: string, maxLength = 120): string {
  const cut = text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
  return cut.replace(unprintable, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** A cause fit for a log: the error's class and stack, without its message, which may quote a secret or a body. */
export function withoutMessage(cause: unknown): Error {
  const bare = new Error(cause instanceof Error ? `${cause.name} (message withheld)` : `a thrown ${typeof cause}`);
  bare.stack = cause instanceof Error ? `${bare.message}\n${framesOf(cause)}` : bare.message;
  return bare;
}

function framesOf(error: Error): string {
  const lines = (error.stack ?? "").split("\n");
  return lines.filter((line) => /^\s+at /.test(line)).join("\n");
}
