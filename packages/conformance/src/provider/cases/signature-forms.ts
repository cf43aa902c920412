import assert from "node:assert/strict";

import type { ByteSource } from "@hooklatch/core";
import type { MockRequest } from "@hooklatch/mock-sender";

import type { Bench } from "../bench.ts";

/** Sends what is no signature, or more than one. */
export async function signatureForms<Events>(bench: Bench<Events>): Promise<void> {
  const [endpoint, request] = [bench.open(), await signFirst(bench)];
  const { place } = bench;
  const signature = place.read(request);
  const malformed = [" ", "A", "é".repeat(signature.length), "\0", "=".repeat(signature.length), `${signature}A`];
  for (const text of ["", ...malformed, `${signature},`.repeat(10_000)]) {
    await endpoint.refuse(place.write(request, text), `the signature ${JSON.stringify(text.slice(0, 8))}…`);
  }

  const missing = place.write(request, undefined);
  await endpoint.refuse(missing, "no signature");
  const { header } = place;
  if (header === undefined) return;
  const twice = { ...request.headers, [header]: [signature, signature] };
  await endpoint.refuse(request, "the signature sent twice", { headers: twice });

  let reads = 0;
  const source: ByteSource = {
    start(sink) {
      reads++;
      sink.end();
    },
    stop() {},
  };
  await endpoint.refuse(missing, "no signature, before its body is read", { body: source });
  assert.equal(reads, 0, "The body of a request without a signature was read; name the header in scheme.headers.");
}

async function signFirst<Events>(bench: Bench<Events>): Promise<MockRequest> {
  const request = await bench.sign(bench.first);
  const { outcome } = await bench.open().send(request);
  assert.equal(outcome, "handled", "The request is not even accepted before it is changed.");
  return request;
}
