import type { Delivery } from "../delivery.ts";
import { ConfigError, RejectedError } from "../errors.ts";

/** Where a platform without signatures puts a secret that only it and the receiver know. */
export type SharedSecretPlace =
  /** A header, such as `x-webhook-token`, or `authorization` with the prefix `Bearer `. */
  | { readonly in: "header"; readonly name: string; readonly prefix?: string }
  /** A parameter of the URL's query. A `+` in its value stands for itself. */
  | { readonly in: "query"; readonly name: string }
  /** The last segment of the URL's path. */
  | { readonly in: "path" }
  /** HTTP Basic authentication, RFC 7617; a secret is then `user:password`. */
  | { readonly in: "basic" };

/** @throws {RejectedError} `ERR_SIGNATURE_MISSING`, `ERR_HEADER_REPEATED` */
type SecretReader = (delivery: Delivery) => string;

/**
 * Makes the function that finds the secret of a delivery.
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID`
 */
export function createSecretReader(place: SharedSecretPlace): SecretReader {
  const find = createFinder(place);
  return (delivery) => {
    const value = find(delivery);
    if (value !== undefined && value !== "") return value;
    throw new RejectedError("ERR_SIGNATURE_MISSING", `There is no secret in the ${describePlace(place)}.`);
  };
}

/** Names the place for an error message. */
export function describePlace(place: SharedSecretPlace): string {
  if (place.in === "header") return `header ${place.name}`;
  if (place.in === "query") return `query parameter ${place.name}`;
  return place.in === "path" ? "path" : "authorization header";
}

function createFinder(place: SharedSecretPlace): (delivery: Delivery) => string | undefined {
  if (!["header", "query", "path", "basic"].includes(place.in)) {
    throw new ConfigError("ERR_OPTION_INVALID", 'sharedSecret: in must be "header", "query", "path" or "basic".');
  }
  if (place.in === "basic") return findInBasic;
  if (place.in === "path") return ({ url }) => decode(url.split("?", 1)[0]?.split("/").at(-1) ?? "");
  if (!/^[\w.-]+$/.test(place.name ?? "")) {
    throw new ConfigError("ERR_OPTION_INVALID", "sharedSecret: name must name the header or the query parameter.");
  }
  if (place.in === "query") return ({ url }) => findInQuery(url, place.name);
  const { name, prefix = "" } = place;
  if (typeof prefix !== "string") throw new ConfigError("ERR_OPTION_INVALID", "sharedSecret: prefix must be a string.");
  return (delivery) => {
    const value = delivery.header(name);
    return value?.startsWith(prefix) === true ? value.slice(prefix.length) : undefined;
  };
}

/** Not `URLSearchParams`: it makes a space of the `+` that stands in many a secret pasted into an address. */
function findInQuery(url: string, name: string): string | undefined {
  const [, query = ""] = /\?(.*)$/s.exec(url) ?? [];
  const values = query.split("&").flatMap((part) => {
    const [, key = "", value = ""] = /^([^=]*)=?(.*)$/s.exec(part) ?? [];
    return decode(key) === name ? [value] : [];
  });
  // Two values are a question of whose parser wins, and nobody asks that in good faith.
  return values.length === 1 && values[0] !== undefined ? decode(values[0]) : undefined;
}

function findInBasic(delivery: Delivery): string | undefined {
  const [, encoded] = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(delivery.header("authorization") ?? "") ?? [];
  return encoded === undefined ? undefined : Buffer.from(encoded, "base64").toString("utf8");
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
