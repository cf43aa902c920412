import { RejectedError } from "../errors.ts";

/** Deeper values overflow the stack of recursive code such as `JSON.stringify` and deep merges. */
const maxDepth = 2048;

/**
 * Parses verified JSON into values that are safe to hand on: no `__proto__` key, no `constructor.prototype`, no depth
 * that overflows a stack.
 *
 * @throws {RejectedError} `ERR_BODY_MALFORMED`
 */
export function parseJson(text: string): unknown {
  if (mayNestDeeper(text) && depthOf(text) > maxDepth) {
    throw new RejectedError("ERR_BODY_MALFORMED", `The JSON body is nested deeper than ${maxDepth} levels.`);
  }
  try {
    return mayPollute(text) ? JSON.parse(text, dropPollution) : JSON.parse(text);
  } catch {
    // The parser's own message quotes the body, so it is not passed on.
    throw new RejectedError(
      "ERR_BODY_MALFORMED",
      `The body is signed correctly, but its ${text.length} characters are not JSON.`,
    );
  }
}

/** No text nests deeper than it has brackets, and to count those is 15 times as fast as to look at each character. */
function mayNestDeeper(text: string): boolean {
  if (text.length <= maxDepth * 2) return false; // each level has a bracket at either end
  let count = 0;
  for (const bracket of ["{", "["]) {
    for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1)) {
      if (++count > maxDepth) return true;
    }
  }
  return false;
}

function mayPollute(text: string): boolean {
  // `\u00` starts every escape that can spell an ASCII letter or an underscore.
  return text.includes("proto") || (text.includes("\\u00") && /\\u00[4-7]/.test(text));
}

function dropPollution(key: string, value: unknown): unknown {
  if (key === "__proto__") return undefined;
  if (key === "constructor" && typeof value === "object" && value !== null && Object.hasOwn(value, "prototype")) {
    return undefined;
  }
  return value;
}

function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (quoted) {
      if (code === 0x5c) index++;
      else if (code === 0x22) quoted = false;
    } else if (code === 0x22) quoted = true;
    else if (code === 0x5b || code === 0x7b) deepest = Math.max(deepest, ++depth);
    else if (code === 0x5d || code === 0x7d) depth--;
  }
  return deepest;
}
