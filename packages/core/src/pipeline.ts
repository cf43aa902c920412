import { crc32 } from "node:zlib";

import { withDeadline } from "./deadline.ts";
import type { Delivery, IncomingDelivery } from "./delivery.ts";
import { BackendError, HandlerError, WebhookError, errorCodes } from "./errors.ts";
import type { WebhookEvent } from "./event.ts";
import { explainRefusal } from "./explain-refusal.ts";
import { toDelivery, toIncomingDelivery } from "./incoming-delivery.ts";
import { isPromise } from "./is-promise.ts";
import type { Around, ProvenMessage } from "./receiver.ts";
import type { Result } from "./reply.ts";
import type { Room } from "./room.ts";
import type { Route, Run } from "./route.ts";
import { runHandlers } from "./run-handlers.ts";
import type { Settings } from "./settings.ts";
import { admit } from "./steps/admit.ts";
import { claim } from "./steps/claim.ts";
import { match } from "./steps/match.ts";
import { parse } from "./steps/parse.ts";
import { read } from "./steps/read.ts";
import { replyTo, replyToError } from "./steps/reply.ts";
import { abandon, settle } from "./steps/settle.ts";
import type { HeldClaim } from "./steps/settle.ts";
import { verify } from "./steps/verify.ts";
import type { StoreClient } from "./store-client.ts";
import type { Unsettled } from "./unsettled.ts";

/** What a receiver lends to every delivery. */
export interface Pipeline {
  readonly settings: Settings;
  readonly store: StoreClient;
  readonly unsettled: Unsettled;
  readonly routes: readonly Route[];
  readonly arounds: readonly Around<unknown, unknown>[];
  readonly eventKey: (id: string) => string;
  readonly room: Room;
}

/** How far a delivery or message came, for the report of a failure. */
interface Progress {
  delivery?: Delivery;
  event?: WebhookEvent;
  held?: HeldClaim;
}

/** The life of a delivery, step by step. Never rejects: steps throw, and this has the one `catch`. */
export async function runPipeline(pipeline: Pipeline, incoming: IncomingDelivery): Promise<Result> {
  const { settings, room } = pipeline;
  const { provider, clock } = settings;
  const receivedAtMs = clock.nowMs();
  const progress: Progress = {};
  try {
    admit(incoming, settings); // 1
    room.assertOpen();
    // What is there already is not awaited: the turns of the microtask queue took 5 % of receive().
    const reading = read(incoming, room, settings); // 2
    const body = isPromise(reading) ? await reading : reading;
    const delivery = toDelivery(incoming, body, receivedAtMs);
    progress.delivery = delivery;
    const proving = verify(delivery, provider.scheme, clock.nowMs()); // 3
    if (isPromise(proving)) await waitForProof(proving, pipeline);
    return await handleProven(pipeline, delivery, progress); // 4 to 8
  } catch (cause) {
    return failure(pipeline, cause, incoming, progress);
  }
}

/** The life of a message that the app has proven by other means: the same from step 4 on. Never rejects. */
export async function runProven(pipeline: Pipeline, message: ProvenMessage): Promise<Result> {
  const { settings, room } = pipeline;
  // Callers without types may pass no message at all, which must not make this reject.
  const body = message?.body;
  const incoming = toIncomingDelivery({ method: "", url: message?.url ?? "", headers: {}, body });
  const receivedAtMs = settings.clock.nowMs();
  const progress: Progress = {};
  try {
    room.assertOpen();
    const delivery = toDelivery(incoming, await read({ ...incoming, body }, room, settings), receivedAtMs);
    progress.delivery = delivery;
    return await handleProven(pipeline, delivery, progress);
  } catch (cause) {
    return failure(pipeline, cause, incoming, progress);
  }
}

async function handleProven(pipeline: Pipeline, delivery: Delivery, progress: Progress): Promise<Result> {
  const { settings, store, unsettled, room } = pipeline;
  const { provider, clock } = settings;
  room.enter();
  try {
    const parsing = parse(delivery, provider); // 4
    const message = isPromise(parsing) ? await waitForHandshake(parsing, settings) : parsing;
    if ("handshake" in message) return { outcome: "handled", reply: message.handshake };
    const { event } = message;
    progress.event = event;
    const matching = match(event, pipeline.routes, provider.schemas);
    const runs = isPromise(matching) ? await waitForSchemas(matching, settings) : matching;
    if (runs.length === 0) return { outcome: "ignored", reply: replyTo("ignored"), event };
    const key = pipeline.eventKey(event.id);
    const askedAtMs = clock.nowMs();
    const claiming = claim(event, key, crc32(delivery.body) | 0, store); // 5
    const answer = isPromise(claiming) ? await claiming : claiming;
    if (answer.status === "duplicate") {
      unsettled.delete(key);
      const conflict = answer.conflict ? { conflict: true as const } : undefined;
      return { outcome: "duplicate", reply: replyTo("duplicate"), event, ...conflict };
    }
    const { token, attempt } = answer;
    const held: HeldClaim = { key, token, attempt, keepMs: message.keepMs ?? settings.keepMs, askedAtMs };
    progress.held = held;
    const outcome = unsettled.has(key, askedAtMs) ? "duplicate" : "handled";
    if (outcome === "handled") await runHandlers(runs, held, { ...pipeline, receivedAtMs: delivery.receivedAtMs }); // 6
    // A store with transactions has settled together with the handlers.
    const settling = outcome === "handled" && store.transact !== undefined ? undefined : settle(held, pipeline); // 7
    if (isPromise(settling)) await settling;
    return { outcome, reply: replyTo(outcome), event, attempt }; // 8
  } finally {
    room.leave();
  }
}

async function failure(
  pipeline: Pipeline,
  cause: unknown,
  incoming: IncomingDelivery,
  { delivery, event, held }: Progress,
): Promise<Result> {
  const error = toWebhookError(cause);
  if (held !== undefined) await abandon(held, pipeline);
  const { outcome } = errorCodes[error.code];
  return {
    outcome,
    reply: replyToError(error),
    error,
    ...(outcome === "rejected" ? { explain: explainRefusal(error, incoming, delivery, pipeline.settings) } : undefined),
    ...(event === undefined ? undefined : { event }),
    ...(held === undefined ? undefined : { attempt: held.attempt }),
  };
}

/** Above the 10 seconds that secrets and keys may take to be resolved. */
const proofTimeoutMs = 15_000;

/** Waits for a scheme that others may have written. Nobody has proven the delivery yet, so it can still give way. */
function waitForProof(proving: Promise<void>, { room, settings }: Pipeline): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = room.startReading(reject);
    const late = (): WebhookError =>
      new BackendError("ERR_KEY_SOURCE_UNAVAILABLE", `The scheme did not answer within ${proofTimeoutMs} ms.`);
    withDeadline(proving, proofTimeoutMs, settings.clock, late).then(resolve, reject).finally(leave);
  });
}

/** Waits for schemas: what hangs must not hold its place, and `close()`, for ever. */
function waitForSchemas(
  matching: Promise<readonly Run[]>,
  { handlerTimeoutMs, clock }: Settings,
): Promise<readonly Run[]> {
  return withDeadline(matching, handlerTimeoutMs, clock, () => {
    return new HandlerError("ERR_HANDLER_TIMEOUT", `A schema did not answer within ${handlerTimeoutMs} ms.`);
  });
}

/** Waits for a handshake: a platform that is asked back may hang. */
function waitForHandshake<Value>(work: Promise<Value>, { handlerTimeoutMs, clock }: Settings): Promise<Value> {
  return withDeadline(work, handlerTimeoutMs, clock, () => {
    return new BackendError("ERR_HANDSHAKE_FAILED", `The handshake did not answer within ${handlerTimeoutMs} ms.`);
  });
}

function toWebhookError(cause: unknown): WebhookError {
  if (cause instanceof WebhookError) return cause;
  return new HandlerError("ERR_INTERNAL", "Hooklatch itself failed; this is a bug.", { cause });
}
