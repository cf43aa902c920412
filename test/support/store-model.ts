import type { Claim } from "@hooklatch/core";

/** When something was asked for and when it was answered, by `performance.now()`. It happened in between. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

interface Held {
  status: "running" | "settled" | "released";
  /** Which claim holds it, counted over all keys. */
  readonly number: number;
  readonly attempt: number;
  readonly fingerprint: number;
  ends: Span;
}

/** By how much the clocks of a store and of this process may disagree over such a time. */
const tickMs = 25;

/**
 * What the contract of a store says, written down without any cleverness. Time is real, so there are moments at which two
 * answers are right: the model then goes by the one that was given.
 */
export class StoreModel {
  readonly #keys = new Map<string, Held>();
  #claims = 0;

  /** What is wrong with the answer to a claim; `undefined` when nothing is. */
  claim(key: string, answer: Claim, asked: Asked): string | undefined {
    const held = this.#keys.get(key);
    const isOver = held === undefined || held.status === "released" ? true : hasEnded(held, asked.when);
    if (answer.status !== "new") {
      if (held === undefined || isOver === true) return "A free key was not granted.";
      return wrongRefusal(held, answer, asked);
    }
    if (isOver === false) return "A key that was held was granted.";
    const counts = held !== undefined && held.status !== "settled";
    const attempt = counts ? held.attempt + 1 : 1;
    if (answer.attempt !== attempt) return `The attempt is ${attempt}.`;
    const ends = later(asked.when, asked.forMs);
    const { fingerprint } = asked;
    this.#keys.set(key, { status: "running", number: ++this.#claims, attempt, fingerprint, ends });
    return undefined;
  }

  /** The number of the newest claim. */
  get claims(): number {
    return this.#claims;
  }

  /** What is wrong with what `renew`, `settle` or `release` did with the claim of this number. */
  change(key: string, to: Held["status"], done: Done): string | undefined {
    const held = this.#keys.get(key);
    const isHeld = held?.status === "running" && held.number === done.number;
    const isOver = isHeld ? hasEnded(held, done.when) : true;
    if (done.answer === true && isOver === true) return "A claim that was lost was changed.";
    if (done.answer === false && isOver === false) return "A claim that was held was not changed.";
    if (!isHeld || done.answer === false || isOver === true) return undefined;
    held.status = to;
    held.ends = later(done.when, done.forMs);
    return undefined;
  }
}

interface Asked {
  readonly when: Span;
  readonly forMs: number;
  readonly fingerprint: number;
}

interface Done {
  readonly number: number;
  readonly when: Span;
  readonly forMs: number;
  /** `undefined` where the store does not say, as for a release. */
  readonly answer: boolean | undefined;
}

function wrongRefusal(
  { status, fingerprint, ends }: Held,
  answer: Exclude<Claim, { readonly status: "new" }>,
  asked: Asked,
): string | undefined {
  const expected = status === "settled" ? "duplicate" : "busy";
  if (answer.status !== expected) return `It is ${expected}.`;
  if (answer.conflict !== (fingerprint !== asked.fingerprint)) return "The conflict is told wrongly.";
  if (answer.status === "duplicate") return undefined;
  const [leastMs, mostMs] = [ends.fromMs - asked.when.toMs, ends.toMs - asked.when.fromMs];
  const isRight = answer.retryAfterMs > 0 && answer.retryAfterMs >= leastMs && answer.retryAfterMs <= mostMs;
  return isRight ? undefined : `The lease lasts between ${leastMs} and ${mostMs} ms.`;
}

function later({ fromMs, toMs }: Span, byMs: number): Span {
  return { fromMs: fromMs + byMs - tickMs, toMs: toMs + byMs + tickMs };
}

/** `undefined` where nobody can tell. */
function hasEnded({ ends }: Held, when: Span): boolean | undefined {
  if (when.fromMs > ends.toMs) return true;
  return when.toMs < ends.fromMs ? false : undefined;
}
