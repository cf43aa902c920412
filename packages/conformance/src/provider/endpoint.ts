import assert from "node:assert/strict";

import { createReceiver, systemClock, toIncomingDelivery } from "@hooklatch/core";
import type { EventTypeOf, OutcomeReport, PlainDelivery, Provider, Result, Store, WebhookEvent } from "@hooklatch/core";
import type { MockRequest } from "@hooklatch/mock-sender";

import type { Place } from "./place.ts";

/** Stands in bodies that the cases write. No report may hold it. */
export const canary = "canary-5f0c2d91";

/** A receiver to send to, at a time of its own. Every delivery to it is checked for what its reply and report tell. */
export interface Endpoint<Events> {
  /** What the handlers were given so far. */
  readonly handled: readonly WebhookEvent[];
  setTime(nowMs: number): void;
  /** Has a handler for each of these types, in place of the one for everything. */
  onEach(types: readonly EventTypeOf<Events>[]): Endpoint<Events>;
  send(request: MockRequest, changes?: SendChanges): Promise<Result>;
  /** Sends a request that MUST be refused, and says what was wrong with it when it is not. */
  refuse(request: MockRequest, what: string, changes?: SendChanges): Promise<Result>;
}

/** How a request is handed over other than as it is. */
export type SendChanges = Partial<Pick<PlainDelivery, "headers" | "body">>;

/** What several endpoints of one app share, and what tells them apart. */
export interface Neighbours {
  readonly store: Store;
  readonly endpoint: string;
}

interface Surroundings extends Partial<Neighbours> {
  readonly nowMs: number;
  readonly place: Place;
  readonly key: string | undefined;
}

/** Makes a receiver for a provider, with a memory of its own. */
export function openEndpoint<Events>(provider: Provider<Events>, around: Surroundings): Endpoint<Events> {
  let { nowMs } = around;
  const { store, endpoint: name } = around;
  let report: OutcomeReport | undefined;
  const handled: WebhookEvent[] = [];
  const receiver = createReceiver({
    provider,
    clock: { nowMs: () => nowMs, setTimer: (callback, delayMs) => systemClock.setTimer(callback, delayMs) },
    onOutcome: (told) => (report = told),
    ...(store === undefined ? {} : { store }),
    ...(name === undefined ? {} : { endpoint: name }),
  });
  let hasHandler = false;

  const endpoint: Endpoint<Events> = {
    handled,
    setTime: (laterMs) => (nowMs = laterMs),
    onEach(types) {
      hasHandler = true;
      for (const type of types) receiver.on(type, (event: WebhookEvent) => handled.push(event));
      return endpoint;
    },
    async send(request, changes = {}) {
      if (!hasHandler) receiver.on("*", (event: WebhookEvent) => handled.push(event));
      hasHandler = true;
      const { pathname, search } = new URL(request.url);
      const { method, headers, body } = { ...request, ...changes };
      const result = await receiver.receive(toIncomingDelivery({ method, url: pathname + search, headers, body }));
      assertReplyIsQuiet(result);
      assertReportIsQuiet(report, [canary, around.key, textOrNothing(() => around.place.read(request))]);
      return result;
    },
    async refuse(request, what, changes) {
      const before = handled.length;
      const result = await endpoint.send(request, changes);
      const { outcome, reply, error } = result;
      assert.equal(handled.length, before, `A handler ran for ${what}.`);
      assert.equal(outcome, "rejected", `For ${what} the outcome is ${outcome} (${error?.code}), not rejected.`);
      assert.ok(reply.status >= 400 && reply.status < 500, `For ${what} the status is ${reply.status}, not 4xx.`);
      return result;
    },
  };
  return endpoint;
}

/** A sender that is not accepted learns a code and nothing else. */
function assertReplyIsQuiet({ reply, error }: Result): void {
  if (error === undefined) return;
  assert.equal(reply.body, JSON.stringify({ error: error.code }), "A reply tells more than the code of the error.");
  const names = Object.keys(reply.headers).filter((name) => !["content-type", "retry-after", "allow"].includes(name));
  assert.deepEqual(names, [], "A reply to a refused delivery has headers that it does not need.");
}

/** The operator learns what went wrong, but no secret, no signature and nothing of the body. */
function assertReportIsQuiet(report: OutcomeReport | undefined, hidden: readonly (string | undefined)[]): void {
  const text = textOf(report?.error);
  for (const secret of hidden) {
    // What is short may stand in any sentence.
    if (secret === undefined || secret.length < 8) continue;
    assert.ok(!text.includes(secret), "The report of a delivery holds a key, a signature or a part of the body.");
  }
}

function textOf(cause: unknown): string {
  if (!(cause instanceof Error)) return typeof cause === "string" ? cause : "";
  const help: unknown = Reflect.get(cause, "help");
  return [cause.stack, cause.message, textOf(help), textOf(cause.cause)].join("\n");
}

function textOrNothing(read: () => string): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
