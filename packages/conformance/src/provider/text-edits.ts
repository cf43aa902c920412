/** A text that was changed, and how. */
export interface TextEdit {
  readonly what: string;
  readonly text: string;
}

/** Changes each character, one at a time: to another digit, to the other case, to one that every alphabet has. */
export function editsOf(text: string): readonly TextEdit[] {
  return Array.from({ length: text.length }, (_, index) => {
    const code = text.charCodeAt(index);
    const others = [...new Set([code ^ 1, code ^ 0x20, 0x41])].filter((other) => other !== code);
    return others.map((other) => ({
      what: `character ${index} changed`,
      text: text.slice(0, index) + String.fromCharCode(other) + text.slice(index + 1),
    }));
  }).flat();
}

/** Every proper prefix, the empty one too. */
export function cutsOf(text: string): readonly TextEdit[] {
  return Array.from({ length: text.length }, (_, index) => ({
    what: `the first ${index} characters`,
    text: text.slice(0, index),
  }));
}
