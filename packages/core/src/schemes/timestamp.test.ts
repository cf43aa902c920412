import { describe, expect, test } from "vitest";

import { toDelivery, toIncomingDelivery } from "../incoming-delivery.ts";
import { refusalOf, thrownBy } from "../test-support/caught.ts";
import { assertFresh, readTimestamp } from "./timestamp.ts";
import type { TimestampOptions } from "./options.ts";

const nowMs = 1_768_478_400_000;
const nowSeconds = nowMs / 1000;

function assertAt(
  value: string | undefined,
  options: Omit<TimestampOptions, "header" | "field"> = {},
  atMs = nowMs,
): void {
  const incoming = toIncomingDelivery({ headers: { "X-Time": value }, body: new Uint8Array() });
  const place = { header: "X-Time", ...options };
  const noFields = { signatures: [], values: () => [] };
  assertFresh(readTimestamp(toDelivery(incoming, new Uint8Array(), atMs), noFields, place), place, atMs);
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

const noTimes = [
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
];

test.each(noTimes)("refuses %j as no time", async (value) => {
  expect(await refusalOf(() => assertAt(value))).toBe("ERR_TIMESTAMP_INVALID 401");
});

test("refuses a missing time as what is missing of the signature", async () => {
  expect(await refusalOf(() => assertAt(undefined))).toBe("ERR_SIGNATURE_MISSING 401");
});

describe("a time in a field of the signature's header", () => {
  const delivery = toDelivery(toIncomingDelivery({ headers: { t: "1" }, body: new Uint8Array() }), new Uint8Array(), 0);
  const readField = (times: readonly string[]): string =>
    readTimestamp(delivery, { signatures: [], values: (field) => (field === "t" ? times : []) }, { field: "t" });

  test("is the text of that field", () => {
    expect(readField(["0001768478400"])).toBe("0001768478400");
  });

  test.each(noTimes)("is refused when it is %j", async (value) => {
    expect(await refusalOf(() => readField([value]))).toBe("ERR_TIMESTAMP_INVALID 401");
  });

  test("is refused when it comes twice, even if it is the same", async () => {
    expect(await refusalOf(() => readField(["1768478400", "1768478400"]))).toBe("ERR_TIMESTAMP_INVALID 401");
    expect(await refusalOf(() => readField(["1768478400", ""]))).toBe("ERR_TIMESTAMP_INVALID 401");
  });

  test("is missing when it is not there, whatever a header of its name says", async () => {
    expect(await refusalOf(() => readField([]))).toBe("ERR_SIGNATURE_MISSING 401");
  });
});

test("lets nothing pass on a clock that answers NaN", async () => {
  expect(await refusalOf(() => assertAt(String(nowSeconds), {}, Number.NaN))).toBe("ERR_TIMESTAMP_STALE 401");
});

test("says by how much and to which side it is off", () => {
  expect(thrownBy(() => assertAt(String(nowSeconds - 3600))).message).toContain("3600 s ago");
  expect(thrownBy(() => assertAt(String(nowSeconds + 3600))).message).toContain("3600 s in the future");
});
