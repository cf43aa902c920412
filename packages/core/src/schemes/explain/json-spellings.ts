/** The ways in which common libraries write the JSON that a body holds; none when it is not JSON. */
export function jsonSpellings(body: Uint8Array): readonly (readonly [text: string, what: string])[] {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(body);
    const compact = JSON.stringify(JSON.parse(text) as unknown); // whatever it is, it is only written again
    const spaced = addSpaces(compact);
    const slashes = compact.replaceAll("/", String.raw`\/`);
    return [
      [compact, "compact JSON (JSON.stringify)"],
      [spaced, "JSON with a blank after each comma and colon (Python)"],
      [escapeUnicode(spaced), String.raw`JSON with a blank after each comma and colon and \u escapes (Python)`],
      [escapeUnicode(compact), String.raw`compact JSON with \u escapes`],
      [escapeUnicode(slashes), String.raw`compact JSON with \u escapes and \/ (PHP)`],
      [slashes, String.raw`compact JSON with \/ (PHP)`],
      [escapeHtml(compact), "compact JSON with <, > and & as escapes (Go)"],
    ];
  } catch {
    // No UTF-8, no JSON, or nested too deep to be written.
    return [];
  }
}

/** Of compact JSON. Strings are taken whole, so that what stands in them is left alone. */
function addSpaces(compact: string): string {
  return compact.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|[,:]/g, (token) =>
    token === "," || token === ":" ? `${token} ` : token,
  );
}

function escapeUnicode(json: string): string {
  return json.replace(/[\u007f-\uffff]/g, toEscape);
}

function escapeHtml(json: string): string {
  return json.replace(/[<>&\u2028\u2029]/g, toEscape);
}

function toEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
