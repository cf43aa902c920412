import assert from "node:assert/strict";

import type { Result } from "@hooklatch/core";
import type { MockEvent, MockRequest } from "@hooklatch/mock-sender";

import type { Bench } from "../bench.ts";
import { toProof } from "../proof.ts";
import { cutsOf, editsOf } from "../text-edits.ts";

/** So many changed deliveries of each fixture go through a whole receiver; each further change to the scheme alone. */
const wholeDeliveries = 40;

/** Changes every byte of every body after it was signed. */
export async function bodyChanges<Events>(bench: Bench<Events>): Promise<void> {
  const endpoint = bench.open();
  for (const { event, request } of await signAll(bench)) {
    const genuine = await bench.open().send(request);
    assert.equal(genuine.outcome, "handled", `A ${event.type} is not even accepted before it is changed.`);
    if (bench.signedPart !== undefined) {
      for (const { what, body } of changesOf(request.body)) {
        assertSaysTheSame([genuine, await endpoint.send({ ...request, body })], bench.signedPart, what);
      }
      continue;
    }
    const proof = await toProof(bench.mock.provider.scheme, { nowMs: bench.nowMs, genuine: request });
    for (const { what, body } of changesOf(request.body)) {
      await proof.refuse({ ...request, body }, `a ${event.type} with ${what}`);
    }
    for (const { what, body } of changesOf(request.body, wholeDeliveries)) {
      await endpoint.refuse({ ...request, body }, `a ${event.type} with ${what}`);
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

interface BodyChange {
  readonly what: string;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** At each byte or, where a number is given, at about so many of them. */
function* changesOf(body: Uint8Array, most = body.byteLength): Generator<BodyChange> {
  const step = Math.max(1, Math.ceil(body.byteLength / most));
  for (let index = 0; index < body.byteLength; index += step) {
    const changed = new Uint8Array(body);
    changed[index] = (changed[index] ?? 0) ^ 1;
    yield { what: `byte ${index} of its body changed`, body: changed };
  }
  yield { what: "one byte more", body: new Uint8Array([...body, 0x20]) };
  yield { what: "one byte less", body: new Uint8Array(body.subarray(0, -1)) };
}

/** Changes the signature of every fixture, one character at a time, and cuts it off. */
export async function signatureChanges<Events>(bench: Bench<Events>): Promise<void> {
  const { place } = bench;
  await refuseTexts(bench, ({ request }) => [
    { what: "the signature", text: place.read(request), write: (text) => place.write(request, text) },
  ]);
}

/** Changes what else the scheme reads from headers: the time and the id where they are signed, a version, a key id. */
export async function headerChanges<Events>(bench: Bench<Events>): Promise<void> {
  const { headers, anyHeaders = [] } = bench.mock.provider.scheme;
  const needed = new Set([...headers, ...anyHeaders.flat()]);
  if (bench.place.header !== undefined) needed.delete(bench.place.header);
  await refuseTexts(bench, ({ request }) =>
    [...needed].flatMap((name) => {
      const { [name]: text, ...others } = request.headers;
      if (text === undefined) return [];
      return [{ what: name, text, write: (value) => ({ ...request, headers: { ...others, [name]: value } }) }];
    }),
  );
}

interface Signed {
  readonly event: MockEvent;
  readonly request: MockRequest;
}

interface SignedText {
  readonly what: string;
  readonly text: string;
  readonly write: (text: string) => MockRequest;
}

/** Whole deliveries for the first fixture, where what replies and reports tell is looked at too. */
async function refuseTexts<Events>(
  bench: Bench<Events>,
  textsOf: (signed: Signed) => readonly SignedText[],
): Promise<void> {
  const endpoint = bench.open();
  for (const [index, signed] of (await signAll(bench)).entries()) {
    const { type } = signed.event;
    const proof = await toProof(bench.mock.provider.scheme, { nowMs: bench.nowMs, genuine: signed.request });
    if (index === 0) assert.equal((await bench.open().send(signed.request)).outcome, "handled");
    for (const { what, text, write } of textsOf(signed)) {
      for (const edit of [...editsOf(text), ...cutsOf(text)]) {
        const told = `a ${type} with ${edit.what} of ${what}`;
        if (index === 0) await endpoint.refuse(write(edit.text), told);
        else await proof.refuse(write(edit.text), told);
      }
    }
  }
}

async function signAll<Events>(bench: Bench<Events>): Promise<readonly Signed[]> {
  return Promise.all(bench.events.map(async (event) => ({ event, request: await bench.sign(event) })));
}
