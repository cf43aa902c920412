import type { Delivery } from "@hooklatch/core";

import { padBody, spoil } from "./faults.ts";
import type { Fault } from "./faults.ts";
import type { EncodedBody, MockEvent, MockPlatform } from "./mock-platform.ts";
import type { MockRequest } from "./mock-request.ts";
import type { SendOptions } from "./send-options.ts";

/** A request together with the id of the event in it. */
export interface BuiltRequest extends MockRequest {
  /** The event id that a receiver will see; `undefined` when its provider cannot read one. */
  readonly eventId: string | undefined;
}

/** Encodes, signs and, if told to, spoils an event's request. */
export async function buildRequest<Events>(
  platform: MockPlatform<Events>,
  event: MockEvent,
  to: { readonly url: string; readonly nowMs: number },
  changes: SendOptions<unknown>,
): Promise<BuiltRequest> {
  const { fault } = changes;
  const { body: format, maxBodyBytes } = platform.provider;
  const encoded = platform.encode(event);
  const unsigned: MockRequest = {
    method: "POST",
    url: to.url,
    headers: { "content-type": encoded.contentType },
    body: padBody(encoded.bytes, format, changes.bodyBytes ?? defaultBytes(maxBodyBytes, encoded, fault)),
  };
  const key = fault === "wrongKey" ? "foreign" : "own";
  const signed = fault === "unsigned" ? unsigned : await platform.sign(unsigned, { event, key, nowMs: to.nowMs });
  const request = { ...spoil(signed, fault), headers: mergeHeaders(signed.headers, changes.headers ?? {}) };
  return { ...request, eventId: readEventId(platform, encoded, request, to.nowMs) };
}

function defaultBytes(maxBodyBytes: number, encoded: EncodedBody, fault: Fault | undefined): number {
  const { byteLength } = encoded.bytes;
  return fault === "oversized" ? Math.max(byteLength, maxBodyBytes + 1) : byteLength;
}

function mergeHeaders(base: MockRequest["headers"], changes: Readonly<Record<string, string | undefined>>) {
  const merged = new Map(Object.entries(base));
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) merged.delete(name.toLowerCase());
    else merged.set(name.toLowerCase(), value);
  }
  return Object.fromEntries(merged);
}

function readEventId<Events>(
  platform: MockPlatform<Events>,
  encoded: EncodedBody,
  request: MockRequest,
  receivedAtMs: number,
): string | undefined {
  const { pathname, search } = new URL(request.url);
  const delivery: Delivery = {
    method: request.method,
    url: pathname + search,
    receivedAtMs,
    body: request.body,
    header: (name) => request.headers[name.toLowerCase()],
  };
  try {
    const { id } = platform.provider.describe(encoded.parsed, delivery);
    return typeof id === "string" || typeof id === "number" || typeof id === "bigint" ? String(id) : undefined;
  } catch {
    // An override can make an event that its provider refuses; to see that refused may be the very point of the test.
    return undefined;
  }
}
