import { serializeItem } from "structured-headers";
import type { Item } from "structured-headers";

import type { Delivery } from "../../delivery.ts";
import { RejectedError } from "../../errors.ts";
import { textOf } from "./structured-field.ts";

/** RFC 9110 section 5.1, in lower case as RFC 9421 writes it. */
const fieldName = /^[a-z0-9!#$%&'*+.^_`|~-]+$/;

/** Derives a component that is no header field, RFC 9421 section 2.2. `undefined`: this request has none. */
type Derive = (delivery: Delivery, publicUrl: URL | undefined) => string | undefined;

const derived: Readonly<Record<string, Derive>> = {
  "@method": ({ method }) => method,
  "@request-target": ({ url }) => url,
  "@path": ({ url }) => (isOriginForm(url) ? splitTarget(url).path : undefined),
  "@query": ({ url }) => (isOriginForm(url) ? `?${splitTarget(url).query}` : undefined),
  // What the request says of its host, a stranger or a proxy wrote: these three come from the configuration alone.
  "@target-uri": ({ url }, publicUrl) => (publicUrl && isOriginForm(url) ? publicUrl.origin + url : undefined),
  "@authority": (_delivery, publicUrl) => publicUrl?.host,
  "@scheme": (_delivery, publicUrl) => publicUrl?.protocol.slice(0, -1),
};

/** The components that need to know where the endpoint stands in public. */
export const publicComponents: readonly string[] = ["@target-uri", "@authority", "@scheme"];

/** Whether a component can be demanded: a header field or a derived component, without parameters. */
export function isComponentName(name: unknown): boolean {
  return typeof name === "string" && (fieldName.test(name) || Object.hasOwn(derived, name));
}

/**
 * One line of a signature base: the component's identifier and its value.
 *
 * @throws {RejectedError} `ERR_SIGNATURE_MALFORMED` for a component that is unknown, has a parameter, or that the request
 *   does not have; `ERR_HEADER_REPEATED`
 */
export function componentLine(item: Item, delivery: Delivery, publicUrl: URL | undefined): string {
  const identifier = serializeItem(item);
  const value = valueOf(item, delivery, publicUrl);
  if (value === undefined)
    throw malformed(`covers ${identifier}, which this request does not have or is not supported`);
  // A line break would let one component pass for two. Bytes above 0x7f are what Node makes of a header's bytes.
  if (/[^\t\u0020-\u007e\u0080-\u00ff]/.test(value))
    throw malformed(`covers ${identifier}, which has control characters`);
  return `${identifier}: ${value}\n`;
}

function valueOf([bare, parameters]: Item, delivery: Delivery, publicUrl: URL | undefined): string | undefined {
  const name = textOf(bare);
  if (name === "@query-param") {
    const parameter = textOf(parameters.get("name"));
    return parameters.size === 1 && parameter !== undefined ? queryParameter(delivery.url, parameter) : undefined;
  }
  // `sf`, `key`, `bs`, `tr` and `req`: each would be another way to read one header.
  if (name === undefined || parameters.size > 0) return undefined;
  if (Object.hasOwn(derived, name)) return derived[name]?.(delivery, publicUrl);
  const value = fieldName.test(name) ? delivery.header(name) : undefined;
  return value === undefined ? undefined : withoutBlanks(value);
}

/** Not by a pattern: those take quadratic time over a long run of blanks. */
function withoutBlanks(value: string): string {
  const isBlank = (index: number): boolean => value[index] === " " || value[index] === "\t";
  let start = 0;
  let end = value.length;
  while (start < end && isBlank(start)) start++;
  while (end > start && isBlank(end - 1)) end--;
  return value.slice(start, end);
}

function isOriginForm(url: string): boolean {
  return url.startsWith("/");
}

function splitTarget(url: string): { readonly path: string; readonly query: string } {
  const mark = url.indexOf("?");
  return mark === -1 ? { path: url, query: "" } : { path: url.slice(0, mark), query: url.slice(mark + 1) };
}

/** RFC 9421 section 2.2.8. A parameter that occurs twice has no one value. */
function queryParameter(url: string, name: string): string | undefined {
  const pairs = [...new URLSearchParams(splitTarget(url).query)].filter(([key]) => encode(key) === name);
  const [[, value] = []] = pairs;
  return pairs.length === 1 && value !== undefined ? encode(value) : undefined;
}

/** The percent-encode set of `application/x-www-form-urlencoded`, with `%20` for a space. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()~]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function malformed(what: string): RejectedError {
  return new RejectedError("ERR_SIGNATURE_MALFORMED", `The signature ${what}.`);
}
