import { jsonSpellings } from "./json-spellings.ts";
import type { Trial } from "./trial.ts";

const handOver =
  "Hand the receiver the exact bytes: before any body parser, and behind no proxy or gateway that rewrites bodies.";

/** The bodies that the platform may have signed, made from the one that came. One at a time: each is as large as it. */
export function* bodyTrials(body: Uint8Array): Generator<Trial, void, undefined> {
  for (const trial of changedBodies(body)) {
    const bytes = trial.change?.body;
    if (bytes !== undefined && Buffer.compare(bytes, body) !== 0) yield trial;
  }
}

function* changedBodies(body: Uint8Array): Generator<Trial, void, undefined> {
  // One character to a byte, so that no byte is lost on the way there and back.
  const text = Buffer.from(body).toString("latin1");
  for (const [changed, what] of lineEndings(text)) {
    yield trialOf("body-line-endings", `The signature fits the body with ${what}. ${handOver}`, changed);
  }
  const isMarked = text.startsWith(byteOrderMark);
  yield trialOf(
    "body-bom",
    `The signature fits the body ${isMarked ? "without" : "with"} a byte order mark in front. ${handOver}`,
    isMarked ? text.slice(byteOrderMark.length) : byteOrderMark + text,
  );
  const decoded = decodeBase64(text);
  if (decoded !== undefined) {
    const message =
      "The body is base64, and the signature fits what it stands for. Decode it before handing it to the receiver: an " +
      "API gateway encodes bodies it takes for binary, and says so beside them (isBase64Encoded).";
    yield { cause: "body-base64", message, change: { body: decoded } };
  }
  for (const [spelling, what] of [...jsonSpellings(body), ...formSpellings(text)]) {
    const message = `The signature fits the body written anew as ${what}: something parsed it and wrote it again. ${handOver}`;
    yield { cause: "body-reserialized", message, change: { body: Buffer.from(spelling, "utf8") } };
  }
}

function trialOf(cause: Trial["cause"], message: string, text: string): Trial {
  return { cause, message, change: { body: Buffer.from(text, "latin1") } };
}

const byteOrderMark = "\u00ef\u00bb\u00bf";

function lineEndings(text: string): readonly (readonly [text: string, what: string])[] {
  const unix = text.replaceAll("\r\n", "\n");
  return [
    [withoutLastLineEnd(text), "no line break at its end"],
    [`${text}\n`, "a line feed at its end"],
    [`${text}\r\n`, "a carriage return and a line feed at its end"],
    [unix, "line feeds in place of carriage return and line feed"],
    [unix.replaceAll("\n", "\r\n"), "carriage return and line feed in place of line feeds"],
  ];
}

/** Not by a pattern: `/[\r\n]+$/` takes the square of the time for a million line breaks before an "x". */
function withoutLastLineEnd(text: string): string {
  let end = text.length;
  while (end > 0 && (text[end - 1] === "\n" || text[end - 1] === "\r")) end--;
  return text.slice(0, end);
}

function decodeBase64(text: string): Uint8Array | undefined {
  const line = withoutLastLineEnd(text);
  const bare = line.startsWith('"') && line.endsWith('"') ? line.slice(1, -1) : line;
  return /^[A-Za-z0-9+/_-]{4,}={0,2}$/.test(bare) ? Buffer.from(bare, "base64") : undefined;
}

function formSpellings(text: string): readonly (readonly [text: string, what: string])[] {
  // A form holds neither blanks nor anything but ASCII; other bodies are none.
  if (!/^[\x21-\x7e]+$/.test(text) || !text.includes("=")) return [];
  return [
    [text.replaceAll("+", "%20"), "a form with %20 for a blank"],
    [text.replaceAll("%20", "+"), "a form with + for a blank"],
  ];
}
