import { crc32 } from "node:zlib";

import { createAttempt } from "./attempt.ts";
import { withDeadline } from "./deadline.ts";
import type { Delivery, IncomingDelivery } from "./delivery.ts";
import { BackendError, HandlerError, WebhookError, errorCodes } from "./errors.ts";
import type { WebhookEvent } from "./event.ts";
import { explainRefusal } from "./explain-refusal.ts";
import { toDelivery } from "./incoming-delivery.ts";
import { isPromise } from "./is-promise.ts";
import type { Around } from "./receiver.ts";
import type { Result } from "./reply.ts";
import type { Room } from "./room.ts";
import type { Route, Run } from "./route.ts";
import type { Settings } from "./settings.ts";
import { admit } from "./steps/admit.ts";
import { claim } from "./steps/claim.ts";
import { dispatch } from "./steps/dispatch.ts";
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
  readonly arounds: readonly Around<unknown>[];
  readonly eventKey: (id: string) => string;
  readonly room: Room;
}

/** The life of a delivery, step by step. Never rejects: steps throw, and this has the one `catch`. */
export async function runPipeline(pipeline: Pipeline, incoming: IncomingDelivery): Promise<Result> {
  const { settings, store, room } = pipeline;
  const { provider, clock } = settings;
  const receivedAtMs = clock.nowMs();
  let delivery: Delivery | undefined;
  let event: WebhookEvent | undefined;
  let held: HeldClaim | undefined;
  let isInside = false;
  try {
    admit(incoming, settings); // 1
    room.assertOpen();
    // What is there already is not awaited: the turns of the microtask queue took 5 % of receive().
    const reading = read(incoming, room, settings); // 2
    const body = isPromise(reading) ? await reading : reading;
    delivery = toDelivery(incoming, body, receivedAtMs);
    const proving = verify(delivery, provider.scheme, clock.nowMs()); // 3
    if (isPromise(proving)) await waitForProof(proving, pipeline);
    room.enter();
    isInside = true;
    const parsing = parse(delivery, provider); // 4
    const message = isPromise(parsing) ? await waitForHandshake(parsing, settings) : parsing;
    if ("handshake" in message) return { outcome: "handled", reply: message.handshake };
    event = message.event;
    const matching = match(event, pipeline.routes, provider.schemas);
    const runs = isPromise(matching) ? await waitForSchemas(matching, settings) : matching;
    if (runs.length === 0) return { outcome: "ignored", reply: replyTo("ignored"), event };

    const key = pipeline.eventKey(event.id);
    const claiming = claim(event, key, crc32(body) | 0, store); // 5
    const answer = isPromise(claiming) ? await claiming : claiming;
    if (answer.status === "duplicate") {
      pipeline.unsettled.delete(key);
      const conflict = answer.conflict ? { conflict: true as const } : undefined;
      return { outcome: "duplicate", reply: replyTo("duplicate"), event, ...conflict };
    }
    held = { key, token: answer.token, attempt: answer.attempt, keepMs: message.keepMs ?? settings.keepMs };
    const outcome = pipeline.unsettled.has(key, clock.nowMs()) ? "duplicate" : "handled";
    if (outcome === "handled") await runHandlers(pipeline, runs, held, receivedAtMs); // 6
    const settling = settle(held, pipeline); // 7
    if (isPromise(settling)) await settling;
    return { outcome, reply: replyTo(outcome), event, attempt: held.attempt }; // 8
  } catch (cause) {
    const error = toWebhookError(cause);
    if (held !== undefined) await abandon(held, error.code === "ERR_HANDLER_TIMEOUT", pipeline);
    const { outcome } = errorCodes[error.code];
    return {
      outcome,
      reply: replyToError(error),
      error,
      ...(outcome === "rejected" ? { explain: explainRefusal(error, incoming, delivery, settings) } : undefined),
      ...(event === undefined ? undefined : { event }),
      ...(held === undefined ? undefined : { attempt: held.attempt }),
    };
  } finally {
    if (isInside) room.leave();
  }
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

function runHandlers(
  { settings, arounds }: Pipeline,
  runs: readonly Run[],
  held: HeldClaim,
  receivedAtMs: number,
): Promise<void> {
  const { provider, endpoint, handlerTimeoutMs, clock } = settings;
  const attempt = createAttempt({ provider: provider.name, endpoint, attempt: held.attempt, receivedAtMs });
  held.work = dispatch(runs, arounds, attempt.context, attempt);
  return withDeadline(held.work, handlerTimeoutMs, clock, () => {
    const error = new HandlerError("ERR_HANDLER_TIMEOUT", `The handlers took longer than ${handlerTimeoutMs} ms.`, {
      help: "Do long work elsewhere, heed context.signal, or raise handlerTimeoutMs.",
    });
    attempt.abort(error);
    return error;
  });
}

function toWebhookError(cause: unknown): WebhookError {
  if (cause instanceof WebhookError) return cause;
  return new HandlerError("ERR_INTERNAL", "Hooklatch itself failed; this is a bug.", { cause });
}
