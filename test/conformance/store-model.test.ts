import { setTimeout as sleep } from "node:timers/promises";

import type { StorePlace } from "@hooklatch/conformance/store";
import type { Store } from "@hooklatch/core";
import fc from "fast-check";
import { test } from "vitest";

import { skipWithoutService } from "../support/services/find-service.ts";
import { StoreModel } from "../support/store-model.ts";
import type { Span } from "../support/store-model.ts";
import { storeRows } from "../support/store-rows.ts";

/** So many on any machine, however long a slow one takes. */
const numRuns = 30;
const weekMs = 7 * 86_400_000;

const key = fc.constantFrom("a", "b");
const ms = fc.constantFrom(1, 60, 60_000);
/** Which of the claims granted so far a call refers to, counted back from the newest. */
const back = fc.nat({ max: 3 });
/** Each step goes through one of several connections. */
const through = fc.nat({ max: 2 });

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant("claim"), key, ms, through, body: fc.nat({ max: 1 }) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constantFrom("renew", "settle", "release"), key, ms, through, back }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("wait"), ms: fc.constantFrom(0, 30, 120) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("crash"), through }) },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** Scripts run side by side, each with keys of its own: most of their time is waiting. */
const scripts = fc.array(fc.array(step, { maxLength: 14 }), { minLength: 12, maxLength: 12 });

test.concurrent.for(Object.entries(storeRows))(
  "%s does what the contract says under any order of calls, passing of time and crashes",
  { timeout: 120_000 },
  async ([_name, { place: makePlace }], { expect, skip }) => {
    const making = makePlace();
    await skipWithoutService({ skip }, making);
    const place = await making;
    const shared = [await place.open(), await place.open(), await place.open()];
    let runs = 0;
    try {
      const property = fc.asyncProperty(scripts, async (parallel) => {
        const run = ++runs;
        const running = parallel.map((steps, index) => play(steps, { name: `${run} ${index}`, shared, place }));
        for (const ended of await Promise.allSettled(running)) if (ended.status === "rejected") throw ended.reason;
      });
      // Shrinking would try other moments. What fails tells its steps, and fast-check its seed.
      await fc.assert(property, { numRuns, endOnFailure: true });
      expect(runs).toBe(numRuns);
    } finally {
      await closeAll(shared);
      await place.remove();
    }
  },
);

interface Stage {
  readonly name: string;
  readonly shared: readonly Store[];
  readonly place: StorePlace;
}

/** Does the steps of one script and holds each answer against the model. */
async function play(steps: readonly Step[], { name, shared, place }: Stage): Promise<void> {
  const model = new StoreModel();
  const stores = [...shared];
  const tokens: string[] = [];
  const afterCrash: Store[] = [];
  try {
    for (const [index, taken] of steps.entries()) {
      const [complaint, answer] = await take(taken);
      if (complaint === undefined) continue;
      throw new Error(
        `${complaint}\n${JSON.stringify(steps.slice(0, index + 1))}\nThe last answer: ${JSON.stringify(answer)}`,
      );
    }
  } finally {
    // The server has so many connections, and these would add up over the scripts.
    await closeAll(afterCrash);
  }

  async function take(taken: Step): Promise<readonly [complaint: string | undefined, answer?: unknown]> {
    if (!("through" in taken)) {
      await sleep(taken.ms);
      return [undefined];
    }
    // Nobody closes what a crash leaves behind while the script goes on, and nobody gives back its claims.
    if (!("key" in taken)) {
      const store = await place.open();
      stores[taken.through] = store;
      afterCrash.push(store);
    }
    const store = stores[taken.through];
    if (store === undefined || !("key" in taken)) return [undefined];
    const [at, forMs] = [`${name} ${taken.key}`, taken.ms];

    if ("body" in taken) {
      const [answer, when] = await timed(() => store.claim(at, forMs, taken.body));
      const complaint = model.claim(at, answer, { when, forMs, fingerprint: taken.body });
      if (answer.status !== "new" || complaint !== undefined) return [complaint, answer];
      return [tokens.push(answer.token) > new Set(tokens).size ? "Two claims have one token." : undefined, answer];
    }
    // A claim that was never granted has a token that nobody has.
    const number = model.claims - taken.back;
    const token = tokens[number - 1] ?? "none";
    if (taken.do === "release") {
      const [, when] = await timed(() => store.release(at, token));
      return [model.change(at, "released", { number, when, forMs: weekMs, answer: undefined })];
    }
    const isRenewal = taken.do === "renew";
    const [answer, when] = await timed(() =>
      isRenewal ? store.renew(at, token, forMs) : store.settle(at, token, forMs),
    );
    return [model.change(at, isRenewal ? "running" : "settled", { number, when, forMs, answer }), answer];
  }
}

async function closeAll(stores: readonly Store[]): Promise<void> {
  for (const store of stores) await store.close();
}

async function timed<Value>(ask: () => Value | Promise<Value>): Promise<readonly [answer: Value, when: Span]> {
  const fromMs = performance.now();
  const answer = await ask();
  return [answer, { fromMs, toMs: performance.now() }];
}
