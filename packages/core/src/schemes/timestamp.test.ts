import { expect, test } from "vitest";

import { toDelivery, toIncomingDelivery } from "../incoming-delivery.ts";
import { refusalOf, thrownBy } from "../test-support/caught.ts";
import { assertFresh } from "./timestamp.ts";
import type { TimestampOptions } from "./options.ts";

const nowMs = 1_768_478_400_000;
const nowSeconds = nowMs / 1000;

function assertAt(value: string | undefined, options: Partial<TimestampOptions> = {}, atMs = nowMs): void {
  const incoming = toIncomingDelivery({ headers: { "X-Time": value }, body: new Uint8Array() });
  assertFresh(toDelivery(incoming, new Uint8Array(), atMs), { header: "X-Time", ...options }, atMs);
}

test("lets a time within five minutes pass, either way, to the millisecond", () => {
  for (const atMs of [nowMs, nowMs + 300_000, nowMs - 300_000]) {
    expect(() => assertAt(String(nowSeconds), {}, atMs)).not.toThrow();
  }
});

test.each([300_001, -300_001])("refuses a time that lies %i ms off", async (offMs) => {
  expect(await refusalOf(() => assertAt(String(nowSeconds), {}, nowMs + offMs))).toBe("ERR_TIMESTAMP_STALE 401");
});

test("keeps to the tolerance and the unit that are configured", async () => {
  const options = { unit: "milliseconds", toleranceMs: 50 } as const;
  expect(() => assertAt(String(nowMs + 50), options)).not.toThrow();
  expect(() => assertAt(String(nowMs - 50), options)).not.toThrow();
  expect(await refusalOf(() => assertAt(String(nowMs + 51), options))).toBe("ERR_TIMESTAMP_STALE 401");
  expect(await refusalOf(() => assertAt(String(nowMs - 51), options))).toBe("ERR_TIMESTAMP_STALE 401");
});

test.each([
  ["milliseconds for seconds", String(nowMs)],
  ["a year ahead", String(nowSeconds + 31_536_000)],
  ["the epoch", "0"],
  ["the greatest number it reads", "9".repeat(15)],
])("refuses %s as stale", async (_what, value) => {
  expect(await refusalOf(() => assertAt(value))).toBe("ERR_TIMESTAMP_STALE 401");
});

test("refuses seconds for milliseconds as stale", async () => {
  expect(await refusalOf(() => assertAt(String(nowSeconds), { unit: "milliseconds" }))).toBe("ERR_TIMESTAMP_STALE 401");
});

test.each([
  undefined,
  "",
  "NaN",
  "Infinity",
  "1e308",
  "123zzz",
  `${nowSeconds}.0`,
  `-${nowSeconds}`,
  `+${nowSeconds}`,
  ` ${nowSeconds}`,
  `${nowSeconds}\n`,
  "0x6968d5c0",
  "9".repeat(16),
  "١٧٦٨٤٧٨٤٠٠",
])("refuses %j as no time", async (value) => {
  expect(await refusalOf(() => assertAt(value))).toBe("ERR_TIMESTAMP_INVALID 401");
});

test("lets nothing pass on a clock that answers NaN", async () => {
  expect(await refusalOf(() => assertAt(String(nowSeconds), {}, Number.NaN))).toBe("ERR_TIMESTAMP_STALE 401");
});

test("says by how much and to which side it is off", () => {
  expect(thrownBy(() => assertAt(String(nowSeconds - 3600))).message).toContain("3600 s ago");
  expect(thrownBy(() => assertAt(String(nowSeconds + 3600))).message).toContain("3600 s in the future");
});
