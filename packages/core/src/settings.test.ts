import { describe, expect, test } from "vitest";

import { systemClock } from "./clock.ts";
import { logOutcome } from "./log-outcome.ts";
import { memoryStore } from "./memory-store.ts";
import type { ReceiverOptions } from "./receiver.ts";
import { readSettings } from "./settings.ts";
import { thrownBy } from "./test-support/caught.ts";
import { shop } from "./test-support/test-provider.ts";

const dayMs = 86_400_000;
const formType = "application/x-www-form-urlencoded";
const eitherBody = { jsonField: "payload", contentTypes: ["application/json", formType] };

test("are complete without any option but the provider", () => {
  const provider = shop();
  expect(readSettings({ provider })).toEqual({
    provider,
    endpoint: "default",
    store: expect.objectContaining({ scope: "one process" }),
    ownsStore: true,
    maxBodyBytes: provider.maxBodyBytes,
    bodyTimeoutMs: 10_000,
    handlerTimeoutMs: 30_000,
    storeTimeoutMs: 5_000,
    leaseMs: 30_000,
    keepMs: 30 * dayMs,
    maxInFlight: 1_000,
    onOutcome: logOutcome,
    clock: systemClock,
  });
});

test("are the options where there are some", () => {
  const options = {
    provider: shop(),
    endpoint: "tenant 7",
    store: memoryStore({ maxIds: 1 }),
    maxBodyBytes: 1,
    bodyTimeoutMs: 2,
    handlerTimeoutMs: 3,
    storeTimeoutMs: 4,
    leaseMs: 12,
    keepMs: 3_600_000,
    maxInFlight: 6,
    onOutcome: () => {},
  };
  expect(readSettings(options)).toMatchObject({ ...options, ownsStore: false });
});

describe("how long an event is remembered", () => {
  const keepMs = (retryHorizonMs: number, toleranceMs?: number): number => {
    const { scheme } = shop();
    const timed = toleranceMs === undefined ? scheme : { ...scheme, toleranceMs };
    return readSettings({ provider: shop({ scheme: timed, retryHorizonMs }) }).keepMs;
  };

  test("is 30 days, or as long as the platform may send it again, or twice the tolerance of its time", () => {
    expect(keepMs(dayMs)).toBe(30 * dayMs);
    expect(keepMs(60 * dayMs)).toBe(60 * dayMs);
    expect(keepMs(dayMs, 20 * dayMs)).toBe(40 * dayMs);
  });

  test("cannot be set shorter than that", () => {
    const provider = shop({ retryHorizonMs: 1000 });
    expect(readSettings({ provider, keepMs: 1000 }).keepMs).toBe(1000);
    expect(thrownBy(() => readSettings({ provider, keepMs: 999 })).message).toContain("keepMs must be at least 1000");

    const timed = shop({ retryHorizonMs: 1000, scheme: { ...provider.scheme, toleranceMs: 600 } });
    expect(thrownBy(() => readSettings({ provider: timed, keepMs: 1199 })).message).toContain("keepMs");
    expect(readSettings({ provider: timed, keepMs: 1200 }).keepMs).toBe(1200);
  });
});

test.each([
  { storeTimeoutMs: 1, leaseMs: 30_000 },
  { storeTimeoutMs: 5_001, leaseMs: 30_006 },
  { storeTimeoutMs: 60_000, leaseMs: 360_000 },
  { storeTimeoutMs: 500_000_000, leaseMs: 2 ** 31 - 1 },
])("hold a lease long enough to be renewed by a slow store: %j", ({ storeTimeoutMs, leaseMs }) => {
  expect(readSettings({ provider: shop(), storeTimeoutMs }).leaseMs).toBe(leaseMs);
});

test("refuse a lease that could end while it is renewed", () => {
  expect(readSettings({ provider: shop(), storeTimeoutMs: 100, leaseMs: 300 }).leaseMs).toBe(300);
  const tooShort = thrownBy(() => readSettings({ provider: shop(), storeTimeoutMs: 100, leaseMs: 299 }));
  expect(tooShort.message).toContain("leaseMs must be at least 300");
});

test("take a provider whose JSON may stand in the one field of a form", () => {
  const provider = shop(eitherBody);
  expect(readSettings({ provider }).provider).toBe(provider);
});

describe("an option is refused and named", () => {
  const numbers = [
    "maxBodyBytes",
    "bodyTimeoutMs",
    "handlerTimeoutMs",
    "storeTimeoutMs",
    "leaseMs",
    "keepMs",
    "maxInFlight",
  ];
  const provider = shop();
  const cases: readonly (readonly [string, object])[] = [
    ...numbers.flatMap((name) =>
      [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "5"].map((value) => [name, { [name]: value }] as const),
    ),
    ...["bodyTimeoutMs", "handlerTimeoutMs", "storeTimeoutMs", "leaseMs"].map(
      (name) => [name, { [name]: 2 ** 31 }] as const,
    ),
    ["endpoint", { endpoint: "" }],
    ["endpoint", { endpoint: 7 }],
    ["endpoint", { endpoint: "x".repeat(201) }],
    ["endpoint", { endpoint: "a\0b" }],
    ["store", { store: {} }],
    ["store", { store: { ...memoryStore({ maxIds: 1 }), release: undefined } }],
    ["store", { store: { ...memoryStore({ maxIds: 1 }), renew: undefined } }],
    ["onOutcome", { onOutcome: "log" }],
    ["provider", { provider: undefined }],
    ["provider", { provider: {} }],
    ["provider", { provider: { ...provider, name: "" } }],
    ["provider", { provider: { ...provider, describe: undefined } }],
    ["provider.scheme", { provider: { ...provider, scheme: undefined } }],
    ["provider.scheme", { provider: { ...provider, scheme: { verify: () => true } } }],
    ["provider.scheme", { provider: { ...provider, scheme: { headers: [] } } }],
    ["provider.scheme.headers", { provider: { ...provider, scheme: { ...provider.scheme, headers: ["X-Sig"] } } }],
    ["provider.body", { provider: { ...provider, body: "xml" } }],
    ...["", "a b", "a[b]", '{"a":"', 7].map(
      (jsonField) => ["provider.jsonField", { provider: { ...provider, ...eitherBody, jsonField } }] as const,
    ),
    ["provider.jsonField", { provider: { ...provider, ...eitherBody, body: "form" } }],
    ["provider.contentTypes", { provider: { ...provider, jsonField: "payload" } }],
    ["provider.contentTypes", { provider: { ...provider, ...eitherBody, contentTypes: ["application/json"] } }],
    ["provider.contentTypes", { provider: { ...provider, ...eitherBody, contentTypes: [formType] } }],
    ["provider.maxBodyBytes", { provider: { ...provider, maxBodyBytes: 0 } }],
    ["provider.retryHorizonMs", { provider: { ...provider, retryHorizonMs: Number.POSITIVE_INFINITY } }],
  ];

  test.each(cases)("%s in %j", (name, change) => {
    // What a program without types, or a number from an environment variable, hands over.
    const options: object = { provider, ...change };
    const error = thrownBy(() => readSettings(options as ReceiverOptions));
    expect(error).toMatchObject({ name: "ConfigError", code: "ERR_OPTION_INVALID", status: 500 });
    expect(error.message).toContain(`createReceiver: ${name} must be`);
  });
});
