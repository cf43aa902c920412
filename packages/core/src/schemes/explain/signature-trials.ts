import type { Delivery } from "../../delivery.ts";
import type { SignatureHeader } from "../signature-header.ts";
import type { Trial } from "./trial.ts";

/** Longer values are refused before they are read. */
const maxLength = 4096;

/** The signature's header as it would be in the configured spelling, if it came in another. */
export function* signatureTrials(delivery: Delivery, place: SignatureHeader): Generator<Trial, void, undefined> {
  const value = delivery.header(place.header) ?? "";
  if (value === "" || value.length > maxLength) return;
  for (const [rest, isPrefixed] of withoutPrefix(value, place)) {
    for (const [spelled, what] of respell(rest, place)) {
      const written = toHeader(value, spelled, place);
      if (written === value) continue;
      const change = { header: [place.header, written] as const };
      const { header, encoding } = place;
      yield isPrefixed
        ? {
            cause: "signature-encoding",
            message:
              `The signature in ${header} is good, but written in ${what} where ${encodings[encoding]} is configured. ` +
              "Set encoding to what the platform sends, or find what rewrites the header.",
            change,
          }
        : { cause: "signature-prefix", message: describePrefix(place), change };
    }
  }
}

const encodings = { hex: "lower-case hex", base64: "base64 with padding", base64url: "base64url without padding" };

function describePrefix({ header, prefix = "", fields }: SignatureHeader): string {
  const wanted =
    fields !== undefined
      ? `has not ${JSON.stringify(fields.signature + fields.assign + prefix)} before it, as is configured`
      : prefix === ""
        ? "has something before it, where nothing is configured"
        : `has not ${JSON.stringify(prefix)} before it, as is configured`;
  return `The signature in ${header} is good, but ${wanted}. Set prefix or fields to what the platform sends.`;
}

/** The bare signature: behind what is configured, behind something else, or from the beginning. */
function withoutPrefix(
  value: string,
  place: SignatureHeader,
): readonly (readonly [rest: string, isPrefixed: boolean])[] {
  const { prefix = "", fields } = place;
  const text = fields === undefined ? value : fieldOf(value, place);
  if (text === undefined) return [[value.trim(), false]];
  const isPrefixed = text.startsWith(prefix);
  const other = /^[\w-]{1,20}[=:, ] ?(?=[^=])/.exec(text)?.[0] ?? "";
  return [
    ...(isPrefixed ? [[text.slice(prefix.length).trim(), true] as const] : []),
    ...(!isPrefixed ? [[text.trim(), false] as const] : []),
    ...(other === "" || other === prefix ? [] : [[text.slice(other.length).trim(), false] as const]),
  ];
}

function fieldOf(value: string, { fields }: SignatureHeader): string | undefined {
  if (fields === undefined) return undefined;
  const start = fields.signature + fields.assign;
  const part = value.split(fields.separator).find((piece) => piece.trim().startsWith(start));
  return part?.trim().slice(start.length);
}

/** In the configured encoding, whichever of the others it came in. */
function respell(text: string, { encoding }: SignatureHeader): ReadonlyMap<string, string> {
  const spellings = new Map<string, string>();
  const add = (bytes: Uint8Array, what: string): void => {
    const spelled = Buffer.from(bytes).toString(encoding);
    if (!spellings.has(spelled)) spellings.set(spelled, what);
  };
  const quoted = /^"(.*)"$/.exec(text)?.[1];
  const bare = quoted ?? text;
  if (/^(?:[\da-f]{2})+$/i.test(bare)) {
    const isLower = bare === bare.toLowerCase();
    add(Buffer.from(bare, "hex"), isLower ? "lower-case hex" : "upper-case hex");
  }
  if (/^[A-Za-z0-9+/_-]+={0,2}$/.test(bare)) {
    add(Buffer.from(bare, "base64"), /[-_]/.test(bare) ? "base64url" : "base64, maybe without its padding");
  }
  return spellings;
}

function toHeader(value: string, signature: string, { prefix = "", fields }: SignatureHeader): string {
  if (fields === undefined) return prefix + signature;
  const start = fields.signature + fields.assign;
  const parts = value.split(fields.separator);
  const rest = parts.filter((part) => !part.trim().startsWith(start));
  // A header without any field is the bare signature.
  const others = rest.length < parts.length ? rest : rest.filter((part) => part.includes(fields.assign));
  return [...others, start + prefix + signature].join(fields.separator);
}
