import { callHook } from "@hooklatch/core";
import { BackendError, ConfigError, HandlerError, WebhookError } from "@hooklatch/core/errors";

import { fetchCredentials } from "./credentials.ts";
import { Intake } from "./intake.ts";
import { readOptions } from "./options.ts";
import type { ConnectNotificationsOptions } from "./options.ts";
import { BackOff, pause } from "./pause.ts";
import { openSession } from "./session.ts";
import type { Session } from "./session.ts";
import { signBrokerUrl } from "./sign-broker-url.ts";
import type { ConnectionState } from "./state.ts";

/** A customer's notifications, on their way to a receiver. */
export interface NotificationsConnection {
  readonly state: ConnectionState;
  /**
   * Resolves when the topic is listened to for the first time. Rejects when it never will be: the token was refused, or
   * the connection was closed or aborted before.
   */
  readonly ready: Promise<void>;
  /** Unsubscribes, ends the connection, and waits until every message that came is dealt with. Leaves the receiver open. */
  close(): Promise<void>;
}

/** InPlayer's own client takes credentials for good for half an hour. */
const renewAfterMs = 25 * 60_000;
/** A connection that held this long was a good one. */
const provenAfterMs = 60_000;

/**
 * Connects to InPlayer's client notifications of one account, and hands each to the receiver. Begins at once, and keeps
 * connecting until it is closed; only a token that is refused ends it.
 *
 * @example
 *   const connection = connectNotifications({ accessToken, accountUuid, receiver });
 *   await connection.ready;
 *
 * @throws {ConfigError} `ERR_SECRET_MISSING`, `ERR_OPTION_INVALID`
 */
export function connectNotifications(options: ConnectNotificationsOptions): NotificationsConnection {
  const settings = readOptions(options);
  const { accessToken, accountUuid, environment, clock } = settings;
  options.signal?.throwIfAborted();

  const intake = new Intake(settings);
  const backOff = new BackOff();
  const stopping = new AbortController();
  const ready = Promise.withResolvers<void>();
  // Who does not await it learns of it by the state.
  ready.promise.catch(() => {});
  let state: ConnectionState = "connecting";
  let current: Session | undefined;
  let replaced: Session | undefined;
  let closing: Promise<void> | undefined;

  function change(next: ConnectionState, reason?: WebhookError): void {
    state = next;
    callHook("onState", settings.onState, { state, ...(reason === undefined ? {} : { reason }) });
  }

  /** One attempt with credentials of its own. */
  async function open(): Promise<Session> {
    const { signal } = stopping;
    const credentials = await fetchCredentials({ accessToken, credentialsUrl: environment.credentialsUrl, signal });
    const brokerUrl = environment.brokerUrl ?? `wss://${credentials.iotEndpoint}/mqtt`;
    const signedUrl = await signBrokerUrl(brokerUrl, credentials, clock.nowMs());
    signal.throwIfAborted();
    return openSession({
      brokerUrl,
      signedUrl,
      topic: accountUuid,
      onMessage: (bytes) => intake.accept(bytes),
      signal,
    });
  }

  /** Takes over from the session before, which still listens: a message that comes over both is a duplicate. */
  function take(session: Session): void {
    if (current !== undefined) {
      replaced = current;
      void replaced.end();
    }
    current = session;
    void session.ended.then((reason) => {
      if (current !== session) return;
      current = undefined;
      if (!stopping.signal.aborted) change("reconnecting", reason);
    });
    change("connected");
    ready.resolve();
  }

  async function keepConnected(): Promise<void> {
    const { signal } = stopping;
    while (!signal.aborted) {
      try {
        const session = await open();
        take(session);
        const takenAtMs = clock.nowMs();
        await pause(clock, renewAfterMs, { signal, until: session.ended });
        if (clock.nowMs() - takenAtMs >= provenAfterMs) backOff.reset();
        if (current !== undefined) continue;
      } catch (cause) {
        if (signal.aborted) return;
        if (!(cause instanceof BackendError)) throw cause;
        change(state, cause);
      }
      await pause(clock, backOff.nextMs(), { signal });
    }
  }

  function discard(): void {
    intake.discard();
    current?.destroy();
    replaced?.destroy();
  }

  async function end(reason?: unknown): Promise<void> {
    const isAborted = options.signal?.aborted === true;
    stopping.abort();
    if (isAborted) discard();
    await running;
    // What the one before still gets is to be dealt with, too.
    await Promise.all([current?.end(), replaced?.end()]);
    ready.reject(reason ?? new BackendError("ERR_CONNECTION_FAILED", "The connection was closed before it was made."));
    change("closed", reason instanceof WebhookError ? reason : undefined);
    await intake.drain();
    options.signal?.removeEventListener("abort", abort);
  }

  const close = (reason?: unknown): Promise<void> => (closing ??= end(reason));
  const abort = (): void => {
    if (closing !== undefined) discard();
    void close(options.signal?.reason);
  };
  options.signal?.addEventListener("abort", abort);
  const running = keepConnected().catch((cause: unknown) => {
    const isTold = cause instanceof ConfigError;
    void close(isTold ? cause : new HandlerError("ERR_INTERNAL", "Hooklatch itself failed; this is a bug.", { cause }));
  });

  return {
    get state() {
      return state;
    },
    ready: ready.promise,
    close: () => close(),
  };
}
