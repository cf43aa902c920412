import { callHook } from "@hooklatch/core";
import type { Result } from "@hooklatch/core";
import { BackendError, HandlerError } from "@hooklatch/core/errors";
import type { WebhookError } from "@hooklatch/core/errors";
import pRetry, { AbortError } from "p-retry";

import type { Settings } from "./options.ts";

type IntakeSettings = Pick<
  Settings,
  "receiver" | "accountUuid" | "maxConcurrent" | "maxQueuedBytes" | "retries" | "onLost"
>;

/** What a waiting message costs beside its bytes, as a rule of thumb. */
const overheadBytes = 256;

/** A minute and more, with pauses that double: longer than handlers have, unless they were given more. */
const busyRetries = 6;

/**
 * Stands between a connection that cannot be told to wait and a receiver that refuses what is too much. Some messages are
 * handled at once, some wait, and what finds no room is reported. Messages are sent once, so what fails is tried again
 * here.
 */
export class Intake {
  readonly #settings: IntakeSettings;
  readonly #discarding = new AbortController();
  /** A set keeps the order, and gives up its first without moving the others. */
  readonly #waiting = new Set<Uint8Array>();
  #waitingBytes = 0;
  #running = 0;
  #reportDrained: (() => void) | undefined;

  constructor(settings: IntakeSettings) {
    this.#settings = settings;
  }

  /** Takes the exact bytes of one message. Never throws. */
  accept(bytes: Uint8Array): void {
    if (this.#running < this.#settings.maxConcurrent) {
      void this.#run(bytes);
      return;
    }
    const size = bytes.length + overheadBytes;
    if (this.#waitingBytes + size > this.#settings.maxQueuedBytes) {
      const message = `${this.#waiting.size} messages wait to be handled, and there is no room for another.`;
      this.#lose(new BackendError("ERR_OVERLOADED", message, { help: "Make the handlers faster." }), 0);
      return;
    }
    this.#waitingBytes += size;
    // A copy: the message may be a small part of what was read from the socket.
    this.#waiting.add(new Uint8Array(bytes));
  }

  /** Waits until every message that was accepted has been handled or reported. */
  async drain(): Promise<void> {
    if (this.#running > 0) await new Promise<void>((resolve) => (this.#reportDrained = resolve));
  }

  /** Gives up what waits, and tries nothing again. */
  discard(): void {
    const error = new BackendError("ERR_RECEIVER_CLOSED", "The connection was aborted before the message was handled.");
    this.#discarding.abort(error);
    this.#waiting.forEach(() => this.#lose(error, 0));
    this.#waiting.clear();
    this.#waitingBytes = 0;
  }

  async #run(bytes: Uint8Array): Promise<void> {
    this.#running++;
    await this.#handle(bytes);
    this.#running--;
    const [next] = this.#waiting;
    if (next !== undefined) {
      this.#waiting.delete(next);
      this.#waitingBytes -= next.length + overheadBytes;
      void this.#run(next);
    } else if (this.#running === 0) this.#reportDrained?.();
  }

  async #handle(body: Uint8Array): Promise<void> {
    const { receiver, accountUuid, retries } = this.#settings;
    let attempts = 0;
    let last: Result | undefined;
    try {
      await pRetry(
        async () => {
          attempts++;
          last = await receiver.dispatch({ body, url: `mqtt:${accountUuid}` });
          if (isWorthAnother(last)) throw new Unfinished();
          if (last.error?.code === "ERR_RECEIVER_CLOSED") throw new AbortError(new Unfinished());
        },
        {
          retries: Math.max(retries, busyRetries),
          // What another one handles is not lost, so that one is waited for.
          shouldRetry: ({ attemptNumber }) => attemptNumber <= retries || last?.outcome === "busy",
          minTimeout: 1_000,
          randomize: true,
          signal: this.#discarding.signal,
        },
      );
    } catch (cause) {
      // An abort comes to light after an attempt, which may have succeeded.
      if (last !== undefined && last.error === undefined) return;
      const error =
        cause instanceof BackendError ? cause : new HandlerError("ERR_INTERNAL", "dispatch() threw.", { cause });
      this.#lose(last?.error ?? error, attempts, last);
    }
  }

  #lose(error: WebhookError, attempts: number, { event }: Partial<Result> = {}): void {
    const named = event === undefined ? {} : { eventId: event.id, eventType: event.type };
    callHook("onLost", this.#settings.onLost, { error, attempts, ...named });
  }
}

class Unfinished extends Error {}

/** Where a platform that calls by HTTP would be told to send the event again, and that may help. */
function isWorthAnother({ outcome, error }: Result): boolean {
  if (outcome === "busy" || outcome === "failed") return true;
  return outcome === "unavailable" && error?.code !== "ERR_RECEIVER_CLOSED";
}
