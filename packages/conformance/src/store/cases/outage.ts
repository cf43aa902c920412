import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

import { createReceiver, toIncomingDelivery } from "@hooklatch/core";
import type { Provider, Receiver, Result, Store } from "@hooklatch/core";

import { longMs, take, withPlace } from "../bench.ts";
import type { StorePlace } from "../place.ts";

/** How long one call to the store may take in this case. */
const storeTimeoutMs = 1_000;

/** The server goes away and comes back. */
export function outage(makePlace: () => Promise<StorePlace>): Promise<void> {
  return withPlace(makePlace, async ({ place, store }) => {
    if (place.outage === undefined) assert.fail("The place cannot be cut off.");
    const { cut, mend } = place.outage;
    const handled: string[] = [];
    const receiver = receiverOn(store, handled);
    assertOutcome(await deliver(receiver, "before"), "handled");
    const running = await take(store, "held by nobody's process", longMs);

    await cut();
    for (const id of ["before", "during", "during"]) {
      const startedAt = performance.now();
      assertOutcome(await deliver(receiver, id), "unavailable");
      const tookMs = performance.now() - startedAt;
      // The claim, and the release of one that may be granted too late.
      assert.ok(tookMs < 2.5 * storeTimeoutMs, `A delivery was answered after ${tookMs} ms.`);
    }
    assert.deepEqual(handled, ["before"], "A handler ran although nobody knew whether it may.");

    await mend();
    assertOutcome(await untilAvailable(() => deliver(receiver, "before")), "duplicate");
    // A claim that was on its way when the line was cut may have been granted: its late answer gives it back.
    assertOutcome(await untilAvailable(() => deliver(receiver, "during"), "busy"), "handled");
    assertOutcome(await deliver(receiver, "during"), "duplicate");
    assert.deepEqual(handled, ["before", "during"]);
    assert.equal(await store.settle("held by nobody's process", running.token, longMs), true);
    await receiver.close();
  });
}

function receiverOn(store: Store, handled: string[]): Receiver {
  const provider: Provider = {
    name: "outage",
    // The case is about the store; what is delivered here was made here.
    scheme: { headers: [], verify: ({ body }) => body },
    body: "json",
    maxBodyBytes: 1_000,
    retryHorizonMs: 60_000,
    describe: ({ id }) => ({ id, type: "outage.tried", payload: {} }),
  };
  return createReceiver({ provider, store, storeTimeoutMs, leaseMs: 3 * storeTimeoutMs, onOutcome: () => {} }).on(
    "*",
    ({ id }) => void handled.push(id),
  );
}

function deliver(receiver: Receiver, id: string): Promise<Result> {
  const body = Buffer.from(JSON.stringify({ id }));
  return receiver.receive(toIncomingDelivery({ headers: { "content-type": "application/json" }, body }));
}

/** Sends again for ten seconds, as a platform would, while the answer is 503. */
async function untilAvailable(send: () => Promise<Result>, also?: "busy"): Promise<Result> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    const result = await send();
    const isOver = result.outcome !== "unavailable" && result.outcome !== also;
    if (isOver || performance.now() > deadline) return result;
    await sleep(50);
  }
}

function assertOutcome({ outcome, error }: Result, expected: Result["outcome"]): void {
  assert.equal(outcome, expected, `A delivery is ${outcome} (${error?.code ?? "no error"}), not ${expected}.`);
}
