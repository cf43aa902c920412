import { systemClock } from "@hooklatch/core";
import type { Clock, ProvenMessage, Result } from "@hooklatch/core";
import { ConfigError } from "@hooklatch/core/errors";

import { readEnvironment } from "./environment.ts";
import type { EnvironmentName, NotificationsEnvironment } from "./environment.ts";
import { logLost, logState } from "./log.ts";
import type { LostNotification, StateChange } from "./state.ts";

/** The customer's access token, or a function that answers with the one of the moment. */
export type AccessToken = string | (() => string | Promise<string>);

/** As much of a receiver as is needed. It MUST have the provider `inplayerNotifications()`. */
export interface NotificationReceiver {
  readonly provider: { readonly name: string };
  dispatch(message: ProvenMessage): Promise<Result>;
}

/** How a connection is made. */
export interface ConnectNotificationsOptions {
  /** A function is called each time credentials are fetched. The token is sent to InPlayer, and stands in no error. */
  readonly accessToken: AccessToken;
  /** The customer's account: the topic that is listened to. */
  readonly accountUuid: string;
  /** What handles the messages. It stays open when the connection is closed. */
  readonly receiver: NotificationReceiver;
  /** Default: `production`. */
  readonly environment?: EnvironmentName | NotificationsEnvironment;
  /** Ends the connection at once: what waits is lost, and reported so. Handlers that run are waited for. */
  readonly signal?: AbortSignal;
  /** Default: {@link logState}, one line where something went wrong. */
  readonly onState?: (change: StateChange) => void;
  /** Default: {@link logLost}, one line each. */
  readonly onLost?: (lost: LostNotification) => void;
  /** How many messages are handled at once; 1 keeps their order. MUST be below the receiver's `maxInFlight`. Default: 16. */
  readonly maxConcurrent?: number;
  /** How much may wait for that, in bytes. What finds no room is lost, and reported so. Default: 16 MiB. */
  readonly maxQueuedBytes?: number;
  /** How often a message is tried again that failed or found the store away, after 1, 2, 4 … seconds. Default: 3. One that is being handled elsewhere is waited for, a minute and more. */
  readonly retries?: number;
  readonly clock?: Clock;
}

/** The options, checked, with everything that was left out. */
export interface Settings extends Required<Omit<ConnectNotificationsOptions, "signal" | "environment">> {
  readonly environment: NotificationsEnvironment;
}

/**
 * Checks the options at start-up.
 *
 * @throws {ConfigError} `ERR_SECRET_MISSING`, `ERR_OPTION_INVALID`
 */
export function readOptions(options: ConnectNotificationsOptions): Settings {
  const { accessToken, accountUuid, receiver, environment = "production" } = options;
  const { onState = logState, onLost = logLost, clock = systemClock } = options;
  const { maxConcurrent = 16, maxQueuedBytes = 16 * 1024 * 1024, retries = 3 } = options;
  if (typeof accessToken !== "function") assertToken(accessToken);
  // A topic with a wildcard would be other people's too.
  assertOption(
    typeof accountUuid === "string" && /^[\w-]{1,128}$/.test(accountUuid),
    "accountUuid",
    "an account's UUID",
  );
  const name: unknown = receiver?.provider?.name;
  assertOption(name === "inplayer-notifications", "receiver", "one with the provider inplayerNotifications()");
  assertOption(typeof onState === "function", "onState", "a function");
  assertOption(typeof onLost === "function", "onLost", "a function");
  assertOption(isWhole(maxConcurrent, 1), "maxConcurrent", "a whole number from 1");
  assertOption(isWhole(maxQueuedBytes, 0), "maxQueuedBytes", "a whole number from 0");
  assertOption(isWhole(retries, 0) && retries <= 10, "retries", "a whole number from 0 to 10");
  return {
    accessToken,
    accountUuid,
    receiver,
    onState,
    onLost,
    clock,
    maxConcurrent,
    maxQueuedBytes,
    retries,
    environment: readEnvironment(environment),
  };
}

/** @throws {ConfigError} `ERR_SECRET_MISSING`, `ERR_OPTION_INVALID` */
export function assertToken(token: unknown): asserts token is string {
  if (typeof token !== "string" || token.trim() === "") {
    const what = typeof token === "string" ? "blank" : typeof token;
    throw new ConfigError("ERR_SECRET_MISSING", `accessToken is ${what}; did you set INPLAYER_ACCESS_TOKEN?`);
  }
  // A fetch would refuse such a header with an error that quotes it.
  assertOption(/^[\x21-\x7e]+$/.test(token), "accessToken", "without spaces, line breaks or characters beyond ASCII");
}

function isWhole(value: unknown, least: number): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= least;
}

function assertOption(isGood: boolean, name: string, wanted: string): asserts isGood {
  if (!isGood) throw new ConfigError("ERR_OPTION_INVALID", `connectNotifications: ${name} must be ${wanted}.`);
}
