import fc from "fast-check";
import { expect, test } from "vitest";

import { memoryStore } from "./memory-store.ts";
import { TestClock } from "./test-support/test-clock.ts";

const weekMs = 7 * 86_400_000;

/** What the contract of a store says, written down without any cleverness. */
class Model {
  nowMs = 0;
  readonly #events = new Map<
    string,
    { token: number; status: string; endsAtMs: number; attempt: number; body: number }
  >();
  #claims = 0;

  claim(key: string, leaseMs: number, body: number) {
    const event = this.#events.get(key);
    if (event !== undefined && event.endsAtMs > this.nowMs && event.status !== "released") {
      const conflict = event.body !== body;
      if (event.status === "settled") return { status: "duplicate", conflict };
      return { status: "busy", conflict, retryAfterMs: event.endsAtMs - this.nowMs };
    }
    const counts = event?.status === "running" || (event?.status === "released" && event.endsAtMs > this.nowMs);
    const attempt = counts ? event.attempt + 1 : 1;
    const token = ++this.#claims;
    this.#events.set(key, { token, status: "running", endsAtMs: this.nowMs + leaseMs, attempt, body });
    return { status: "new", attempt };
  }

  change(key: string, token: number, status: string, forMs: number): boolean {
    const event = this.#events.get(key);
    if (event?.status !== "running" || event.token !== token || event.endsAtMs <= this.nowMs) return false;
    event.status = status;
    event.endsAtMs = this.nowMs + forMs;
    return true;
  }
}

const key = fc.constantFrom("a", "b", "c");
const ms = fc.constantFrom(1, 10, 100, weekMs);
/** Which of the claims granted so far a call refers to, counted back from the newest. */
const back = fc.nat({ max: 3 });

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("claim"), key, ms, body: fc.nat({ max: 1 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("renew", "settle", "release"), key, ms, back }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("wait"), ms: fc.constantFrom(0, 1, 9, 90, 99, 100, weekMs) }) },
);

test("does what the contract says under any order of calls and any passing of time", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      let nowMs = 0;
      const clock = Object.assign(new TestClock(), { nowMs: () => nowMs });
      const store = memoryStore({ clock, maxIds: 3 });
      const model = new Model();
      const tokens: string[] = [];

      for (const taken of steps) {
        if (!("key" in taken)) {
          nowMs += taken.ms;
          model.nowMs = nowMs;
        } else if ("body" in taken) {
          const answer = await store.claim(taken.key, taken.ms, taken.body);
          if (answer.status !== "new") {
            expect(answer).toEqual(model.claim(taken.key, taken.ms, taken.body));
          } else {
            const { token, ...rest } = answer;
            expect(rest).toEqual(model.claim(taken.key, taken.ms, taken.body));
            expect(tokens).not.toContain(token);
            tokens.push(token);
          }
        } else {
          // A claim that was never granted has a token that nobody has.
          const number = tokens.length - taken.back;
          const token = tokens[number - 1] ?? "none";
          if (taken.do === "renew") {
            const renewed = await store.renew(taken.key, token, taken.ms);
            expect(renewed).toBe(model.change(taken.key, number, "running", taken.ms));
          } else if (taken.do === "settle") {
            const settled = await store.settle(taken.key, token, taken.ms);
            expect(settled).toBe(model.change(taken.key, number, "settled", taken.ms));
          } else {
            await store.release(taken.key, token);
            model.change(taken.key, number, "released", weekMs);
          }
        }
      }
    }),
    { numRuns: 500 },
  );
});
