import assert from "node:assert/strict";

import type { Bench } from "../bench.ts";

/** Sends every fixture to a receiver with a handler for each type and none for everything. */
export async function fixtures<Events>(bench: Bench<Events>): Promise<void> {
  const endpoint = bench.open().onEach(bench.mock.types);
  for (const [index, event] of bench.events.entries()) {
    const { type } = event;
    const { outcome, error } = await endpoint.send(await bench.sign(event));
    assert.equal(outcome, "handled", `The fixture of ${type} is ${outcome}: ${error?.code} ${error?.message}`);
    assert.equal(endpoint.handled.length, index + 1, `Not one handler ran for ${type}, but none or several.`);
    const given = endpoint.handled[index];
    assert.equal(given?.type, type);
    // The fixture is typed as the event map says: what a handler is given must be the same.
    assert.deepEqual(toPlain(given.payload), toPlain(event.payload), `The payload of ${type} is not its fixture.`);
  }
}

/** As JSON tells it: without `undefined`, and without prototypes, which a parser may leave out. */
function toPlain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
