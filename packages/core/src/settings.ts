import type { Clock } from "./clock.ts";
import { systemClock } from "./clock.ts";
import { ConfigError } from "./errors.ts";
import { logOutcome } from "./log-outcome.ts";
import { memoryStore } from "./memory-store.ts";
import type { OutcomeReport } from "./outcome-report.ts";
import type { Provider } from "./provider.ts";
import type { ReceiverOptions } from "./receiver.ts";
import type { Store } from "./store.ts";

const dayMs = 86_400_000;

/** Node's timers hold no longer delay: they would end at once. */
const maxTimerMs = 2 ** 31 - 1;

/** A receiver's options, checked and complete. */
export interface Settings {
  readonly provider: Provider<unknown>;
  readonly endpoint: string;
  readonly store: Store<unknown>;
  readonly ownsStore: boolean;
  readonly maxBodyBytes: number;
  readonly bodyTimeoutMs: number;
  readonly handlerTimeoutMs: number;
  readonly storeTimeoutMs: number;
  readonly leaseMs: number;
  readonly keepMs: number;
  readonly maxInFlight: number;
  readonly onOutcome: (report: OutcomeReport) => void;
  readonly clock: Clock;
}

/** @throws {ConfigError} `ERR_OPTION_INVALID`, naming the option */
export function readSettings<Events, Transaction>(options: ReceiverOptions<Events, Transaction>): Settings {
  const { provider, endpoint = "default", store, onOutcome = logOutcome, clock = systemClock } = options ?? {};
  assertProvider(provider);
  if (store !== undefined) assertStore(store);
  if (typeof onOutcome !== "function") throw invalid("onOutcome", "a function");
  if (typeof endpoint !== "string" || !/^[^\0]{1,200}$/u.test(endpoint)) {
    throw invalid("endpoint", "a string of 1 to 200 characters without NUL");
  }
  const handlerTimeoutMs = readPositive(options, "handlerTimeoutMs", 30_000, maxTimerMs);
  const storeTimeoutMs = readPositive(options, "storeTimeoutMs", 5_000, maxTimerMs);
  const leaseMs = readPositive(
    options,
    "leaseMs",
    Math.min(Math.max(30_000, 6 * storeTimeoutMs), maxTimerMs),
    maxTimerMs,
  );
  if (leaseMs < 3 * storeTimeoutMs) {
    throw invalid(
      "leaseMs",
      `at least ${3 * storeTimeoutMs}, three times storeTimeoutMs; else it ends while it is renewed`,
    );
  }
  const leastKeepMs = Math.max(provider.retryHorizonMs, 2 * (provider.scheme.toleranceMs ?? 0));
  const keepMs = readPositive(options, "keepMs", Math.max(30 * dayMs, leastKeepMs));
  if (keepMs < leastKeepMs) {
    throw invalid("keepMs", `at least ${leastKeepMs}: for so long ${provider.name} may send the same event again`);
  }
  return {
    provider,
    endpoint,
    store: store ?? memoryStore({ clock }),
    ownsStore: store === undefined,
    maxBodyBytes: readPositive(options, "maxBodyBytes", provider.maxBodyBytes),
    bodyTimeoutMs: readPositive(options, "bodyTimeoutMs", 10_000, maxTimerMs),
    handlerTimeoutMs,
    storeTimeoutMs,
    leaseMs,
    keepMs,
    maxInFlight: readPositive(options, "maxInFlight", 1_000),
    onOutcome,
    clock,
  };
}

type NumberOption =
  | "maxBodyBytes"
  | "bodyTimeoutMs"
  | "handlerTimeoutMs"
  | "storeTimeoutMs"
  | "leaseMs"
  | "keepMs"
  | "maxInFlight";

function readPositive(
  options: Pick<ReceiverOptions, NumberOption>,
  name: NumberOption,
  fallback: number,
  max = Number.MAX_SAFE_INTEGER,
): number {
  const value = options[name] ?? fallback;
  if (!(Number.isSafeInteger(value) && value > 0)) throw invalid(name, "a whole number above 0");
  if (value > max) throw invalid(name, `at most ${max}`);
  return value;
}

function assertProvider(provider: Provider<unknown> | undefined): asserts provider is Provider<unknown> {
  if (typeof provider?.name !== "string" || provider.name === "" || typeof provider.describe !== "function") {
    throw invalid("provider", "a provider, such as chip({ … })");
  }
  if (typeof provider.scheme?.verify !== "function" || !Array.isArray(provider.scheme.headers)) {
    throw invalid("provider.scheme", "a scheme; a receiver without one would trust anybody");
  }
  if (provider.scheme.headers.some((name: string) => name !== name.toLowerCase())) {
    throw invalid("provider.scheme.headers", "names in lower case; others would never be found");
  }
  if (provider.contentTypes?.some((type) => type !== type.toLowerCase()) === true) {
    throw invalid("provider.contentTypes", "media types in lower case; others would never match");
  }
  if (!["json", "form"].includes(provider.body)) throw invalid("provider.body", '"json" or "form"');
  assertJsonField(provider);
  for (const name of ["maxBodyBytes", "retryHorizonMs"] as const) {
    if (!(Number.isSafeInteger(provider[name]) && provider[name] > 0)) {
      throw invalid(`provider.${name}`, "a whole number above 0");
    }
  }
}

function assertJsonField({ jsonField, body, contentTypes }: Provider<unknown>): void {
  if (jsonField === undefined) return;
  // Letters and the like only: a form with such a field can never be read as JSON, nor JSON as such a form.
  if (typeof jsonField !== "string" || !/^[\w.-]+$/.test(jsonField)) {
    throw invalid(
      "provider.jsonField",
      "the name of a form's field, of letters, digits, dots, hyphens and underscores",
    );
  }
  if (body !== "json") throw invalid("provider.jsonField", "left out where the body is a form in any case");
  const isForm = (type: string): boolean => type === "application/x-www-form-urlencoded";
  if (contentTypes?.some(isForm) !== true || contentTypes.every(isForm)) {
    throw invalid(
      "provider.contentTypes",
      "those of JSON and of forms where there is a jsonField; else one is refused",
    );
  }
}

function assertStore(store: Store<unknown>): void {
  for (const name of ["claim", "renew", "settle", "release"] as const) {
    if (typeof store[name] !== "function") throw invalid("store", `a store, with a method ${name}()`);
  }
}

function invalid(option: string, wanted: string): ConfigError {
  return new ConfigError("ERR_OPTION_INVALID", `createReceiver: ${option} must be ${wanted}.`);
}
