import assert from "node:assert/strict";

import { memoryStore } from "@hooklatch/core";
import type { Result } from "@hooklatch/core";
import type { MockRequest } from "@hooklatch/mock-sender";

import type { Bench } from "../bench.ts";
import type { SendChanges } from "../endpoint.ts";

const hourMs = 3_600_000;

/** Sends each event again: to the same provider, to one set up anew, and signed anew at another time. */
export async function stableId<Events>(bench: Bench<Events>): Promise<void> {
  const { key, withKeys, nowMs } = bench;
  const endpoint = bench.open();
  // What was set up anew shares nothing with the first one but the module.
  const [elsewhere, later] = [0, 1].map(() =>
    bench.open(withKeys === undefined || key === undefined ? undefined : withKeys(key)),
  );
  assert.ok(elsewhere && later);
  later.setTime(nowMs + hourMs);
  for (const event of bench.events) {
    const request = await bench.sign(event);
    const first = await endpoint.send(request);
    assert.ok(first.event, `The fixture of ${event.type} is ${first.outcome}: ${first.error?.code}`);
    const { id } = first.event;
    assert.equal((await endpoint.send(request)).outcome, "duplicate", `${event.type}, the same bytes again`);

    const there = await elsewhere.send(request);
    assert.equal(there.event?.id, id, `The id of a ${event.type} is another one where it is set up anew.`);
    const redelivered: Result = await later.send(await bench.sign(event, { nowMs: nowMs + hourMs }));
    assert.equal(redelivered.event?.id, id, `The id of a ${event.type} is another one an hour later.`);
  }
}

/** Sends each event to two endpoints on one store, twice to each. */
export async function otherEndpoints<Events>(bench: Bench<Events>): Promise<void> {
  const store = memoryStore();
  const endpoints = ["one", "two"].map((endpoint) => bench.open(undefined, { store, endpoint }));
  for (const event of bench.events) {
    const request = await bench.sign(event);
    for (const expected of ["handled", "duplicate"]) {
      for (const [index, endpoint] of endpoints.entries()) {
        const { outcome } = await endpoint.send(request);
        assert.equal(outcome, expected, `A ${event.type} is ${outcome} at endpoint ${index + 1}, not ${expected}.`);
      }
    }
  }
}

/** Sends several events of each type to one endpoint. */
export async function ownId<Events>(bench: Bench<Events>): Promise<void> {
  const endpoint = bench.open();
  let seconds = 0;
  for (const type of bench.mock.types) {
    for (let copy = 0; copy < 3; copy++) {
      // Far enough apart that a platform which counts in minutes can tell them from each other.
      const event = bench.event(type, (seconds += 61));
      const { outcome, error } = await endpoint.send(await bench.sign(event));
      assert.equal(outcome, "handled", `Event ${copy + 1} of ${type}: ${error?.code ?? "its id is another event's"}`);
    }
  }
}

/** Sends captured requests again with everything changed that may not be signed. */
export async function unsignedParts<Events>(
  bench: Bench<Events>,
  unsignedInId: Readonly<Record<string, string>>,
): Promise<void> {
  const newEvents = new Set<string>();
  const endpoint = bench.open();
  for (const [index, event] of bench.events.entries()) {
    const request = await bench.sign(event);
    const { event: genuine } = await endpoint.send(request);
    assert.ok(genuine, `The fixture of ${event.type} is not accepted.`);
    const others = await otherRequests(bench, index);
    for (const { name, what, changes, url = request.url } of variantsOf(request, others)) {
      const { event: seen } = await endpoint.send({ ...request, url }, changes);
      if (seen === undefined || seen.id === genuine.id) continue;
      newEvents.add(name);
      assert.ok(Object.hasOwn(unsignedInId, name), `A captured ${event.type} is a new event with ${name} ${what}.`);
    }
  }
  assert.deepEqual(
    [...newEvents].toSorted(),
    Object.keys(unsignedInId).toSorted(),
    "unsignedInId is not what it says.",
  );
}

interface Variant {
  /** The header that is changed, or what else is. */
  readonly name: string;
  readonly what: string;
  readonly changes?: SendChanges;
  readonly url?: string;
}

/** Headers by which platforms, proxies and frameworks name a request. None of them is signed here. */
const strangers =
  "x-request-id x-webhook-id x-event-id x-delivery-id idempotency-key webhook-id svix-id date " +
  "x-forwarded-for x-forwarded-host x-forwarded-proto forwarded x-original-url";

function variantsOf(request: MockRequest, others: readonly MockRequest[]): readonly Variant[] {
  const { headers } = request;
  const variants: Variant[] = [];
  for (const [name, value] of Object.entries(headers)) {
    const { [name]: _old, ...rest } = headers;
    const add = (what: string, changed: Readonly<Record<string, string | readonly string[]>>): void =>
      void variants.push({ name, what, changes: { headers: { ...rest, ...changed } } });
    add("left out", {});
    add("in capitals", { [name.toUpperCase()]: value });
    add("sent twice", { [name]: [value, value] });
    const texts = [`${value} `, ` ${value}`, value.toUpperCase(), value.toLowerCase(), `${value}A`, "x"];
    for (const text of new Set([...texts, ...others.flatMap((other) => other.headers[name] ?? [])])) {
      add(`set to ${JSON.stringify(text)}`, { [name]: text });
    }
  }
  for (const name of strangers.split(" ")) {
    if (!(name in headers)) variants.push({ name, what: "added", changes: { headers: { ...headers, [name]: "1" } } });
  }
  const query = request.url.includes("?") ? "&" : "?";
  return [...variants, { name: "query", what: "longer", url: `${request.url}${query}again=1` }];
}

/** A later event of the same type, and the events of the other types. */
async function otherRequests<Events>(bench: Bench<Events>, index: number): Promise<readonly MockRequest[]> {
  const later = bench.mock.types.slice(index, index + 1).map((type) => bench.event(type, index * 61 + 3600));
  return Promise.all([...later, ...bench.events].map(async (event) => bench.sign(event)));
}
