import assert from "node:assert/strict";

import type { ByteSource, Result } from "@hooklatch/core";
import type { MockRequest } from "@hooklatch/mock-sender";

import type { Bench } from "../bench.ts";

/** At every position of the smallest body, at some of every other. */
const [allPositions, somePositions] = [2000, 40];

/** Changes bodies after they were signed. */
export async function bodyChanges<Events>(bench: Bench<Events>): Promise<void> {
  const endpoint = bench.open();
  const requests = await Promise.all(bench.events.map(async (event) => ({ event, request: await bench.sign(event) })));
  requests.sort((one, other) => one.request.body.byteLength - other.request.body.byteLength);
  for (const [index, { event, request }] of requests.entries()) {
    const genuine = await bench.open().send(request);
    assert.equal(genuine.outcome, "handled", `A ${event.type} is not even accepted before it is changed.`);
    for (const { what, body } of changesOf(request.body, index === 0 ? allPositions : somePositions)) {
      const changed = { ...request, body: new Uint8Array(body) };
      if (bench.signedPart === undefined) await endpoint.refuse(changed, `a ${event.type} with ${what}`);
      else assertSaysTheSame([genuine, await endpoint.send(changed)], bench.signedPart, what);
    }
  }
}

/** Where fields are signed, what stands between and beside them may change. */
function assertSaysTheSame(
  results: readonly [genuine: Result, changed: Result],
  signedPart: (payload: unknown) => unknown,
  what: string,
): void {
  if (results[1].event === undefined) {
    assert.ok(results[1].reply.status >= 400, `A body with ${what} is no event and is answered with success.`);
    return;
  }
  const [genuine, changed] = results.map(({ event }) => ({ ...event, payload: signedPart(event?.payload) }));
  assert.deepEqual(changed, genuine, `A body with ${what} says something else and is accepted.`);
}

function changesOf(body: Uint8Array, most: number): readonly { readonly what: string; readonly body: Uint8Array }[] {
  const flips = positions(body.byteLength, most).map((index) => {
    const changed = body.slice();
    changed[index] = (changed[index] ?? 0) ^ 1;
    return { what: `byte ${index} of its body changed`, body: changed };
  });
  const longer = { what: "one byte more", body: Buffer.concat([body, Buffer.from(" ")]) };
  return [...flips, longer, { what: "one byte less", body: body.subarray(0, -1) }];
}

function positions(length: number, most: number): readonly number[] {
  const step = Math.max(1, Math.ceil(length / most));
  return Array.from({ length: Math.ceil(length / step) }, (_, index) => index * step);
}

/** Changes the signature, one character at a time, and cuts it off. */
export async function signatureChanges<Events>(bench: Bench<Events>): Promise<void> {
  const [endpoint, request] = [bench.open(), await signFirst(bench)];
  const signature = bench.place.read(request);
  for (let index = 0; index < signature.length; index++) {
    const code = signature.charCodeAt(index);
    // Another digit, the other case, and a character that every alphabet has.
    for (const other of new Set([code ^ 1, code ^ 0x20, 0x41])) {
      if (other === code) continue;
      const changed = signature.slice(0, index) + String.fromCharCode(other) + signature.slice(index + 1);
      await endpoint.refuse(bench.place.write(request, changed), `character ${index} of the signature changed`);
    }
    const prefix = signature.slice(0, index);
    await endpoint.refuse(bench.place.write(request, prefix), `the first ${index} characters of the signature`);
  }
}

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
