import type { Delivery } from "../../delivery.ts";
import { RejectedError } from "../../errors.ts";
import { decodeCanonical } from "../canonical.ts";
import type { JwtAlgorithm } from "./algorithms.ts";

/** Longer than any token in use; Node takes no longer headers either. */
const maxLength = 16_384;

/** Header parameters by which a token would bring its own key. RFC 7515 leaves it to the receiver whether to trust them. */
const ownKeys = ["jku", "jwk", "x5u", "x5c"] as const;

/** A token as it came. Nothing in it is trusted yet. */
export interface JwtToken {
  readonly text: string;
  readonly algorithm: JwtAlgorithm;
  readonly kid?: string;
}

/**
 * Takes the token out of its header and refuses whatever is not one signed token made by a pinned algorithm.
 *
 * @throws {RejectedError} `ERR_SIGNATURE_MISSING`, `ERR_TOKEN_INVALID`, `ERR_HEADER_REPEATED`
 */
export function readToken(
  delivery: Delivery,
  place: { readonly header: string; readonly prefix: string },
  algorithms: readonly JwtAlgorithm[],
): JwtToken {
  const value = delivery.header(place.header);
  if (value === undefined || value === "") {
    throw new RejectedError("ERR_SIGNATURE_MISSING", `The header ${place.header} is missing.`);
  }
  if (value.length > maxLength) throw invalid(`is longer than ${maxLength} characters`);
  // RFC 9110 section 11.1: the name of an authentication scheme has no case.
  if (value.slice(0, place.prefix.length).toLowerCase() !== place.prefix.toLowerCase()) {
    throw invalid(`does not stand behind "${place.prefix}"`);
  }
  const text = value.slice(place.prefix.length);
  return { text, ...readHead(text, algorithms) };
}

function readHead(text: string, algorithms: readonly JwtAlgorithm[]): Omit<JwtToken, "text"> {
  const parts = text.split(".").map((part) => decodeCanonical(part, "base64url"));
  const [first] = parts;
  if (parts.length !== 3 || first === undefined || parts.includes(undefined)) {
    throw invalid("is not three parts in base64url, joined by dots");
  }
  const head = parseObject(first);
  const algorithm = algorithms.find((name) => name === head.get("alg"));
  if (algorithm === undefined) throw invalid(`is not signed with ${algorithms.join(" or ")}`);
  const own = ownKeys.find((name) => head.has(name));
  if (own !== undefined) throw invalid(`brings its own key in ${own}`);
  // No extension is understood here, so a token that depends on one cannot be judged.
  if (head.has("crit")) throw invalid("has critical header parameters");
  const kid = head.get("kid");
  if (kid === undefined) return { algorithm };
  if (typeof kid !== "string") throw invalid("has a kid that is not text");
  return { algorithm, kid };
}

function parseObject(bytes: Uint8Array): ReadonlyMap<string, unknown> {
  const value = parse(bytes);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalid("has a header that is not a JSON object");
  }
  return new Map(Object.entries(value));
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function invalid(what: string): RejectedError {
  return new RejectedError("ERR_TOKEN_INVALID", `The token ${what}.`);
}
