import type { Delivery, IncomingBody, IncomingDelivery } from "./delivery.ts";
import { RejectedError } from "./errors.ts";

/** A request as plain data. */
export interface PlainDelivery {
  /** Default: `POST`. */
  readonly method?: string;
  /** Default: `/`. */
  readonly url?: string;
  readonly remoteAddress?: string;
  /** Names in any case. A header that came more than once has a list. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: IncomingBody;
}

/** Makes the argument of `receive` from plain data, for adapters whose host has no request object and for tests. */
export function toIncomingDelivery(plain: PlainDelivery): IncomingDelivery {
  const { method = "POST", url = "/", remoteAddress, headers, body } = plain;
  const names = Object.keys(headers);
  return {
    method,
    url,
    remoteAddress,
    body,
    headerValues: (name) => valuesOf(headers, names, name),
    headerNames: () => names.filter((name) => headers[name] !== undefined),
  };
}

const none: readonly string[] = [];

/** Looks through all names: for the few look-ups of a delivery, a map costs more to make than it saves. */
function valuesOf(headers: PlainDelivery["headers"], names: readonly string[], wanted: string): readonly string[] {
  let found = none;
  for (const name of names) {
    const value = name.length === wanted.length && name.toLowerCase() === wanted ? headers[name] : undefined;
    if (value === undefined) continue;
    const values = typeof value === "string" ? [value] : value;
    found = found === none ? values : [...found, ...values];
  }
  return found;
}

/** The delivery that an incoming request becomes once its body is read. */
export function toDelivery(incoming: IncomingDelivery, body: Uint8Array, receivedAtMs: number): Delivery {
  const { method, url, remoteAddress } = incoming;
  return {
    method,
    url,
    ...(remoteAddress === undefined ? undefined : { remoteAddress }),
    receivedAtMs,
    body,
    header: (name) => readHeader(incoming, name.toLowerCase()),
    headerNames: () => incoming.headerNames?.() ?? [],
  };
}

/**
 * The one value of a header; its name in lower case.
 *
 * @throws {RejectedError} `ERR_HEADER_REPEATED`: which of two values a proxy or a framework would pick is a way in
 */
export function readHeader(incoming: IncomingDelivery, name: string): string | undefined {
  const values = incoming.headerValues(name);
  if (values.length > 1) {
    throw new RejectedError("ERR_HEADER_REPEATED", `The header ${name} came ${values.length} times.`, {
      help: "Find the proxy or client that repeats it.",
    });
  }
  return values[0];
}
