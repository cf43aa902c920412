import { expect, test } from "vitest";

import { toEpochMs } from "./event-time.ts";

test.each([
  [1767323045, "seconds", 1767323045000],
  ["1767323045", "seconds", 1767323045000],
  ["1767323045.678901", "seconds", 1767323045679],
  [1767323045.5, "seconds", 1767323045500],
  [1767323045000, "milliseconds", 1767323045000],
  ["1767323045000", "milliseconds", 1767323045000],
  [0, "seconds", 0],
  [-1, "seconds", -1000],
  ["2026-01-02T03:04:05Z", "seconds", 1767323045000],
  ["2026-01-02T03:04:05.678Z", "milliseconds", 1767323045678],
  ["2026-01-02T03:04:05.678901234Z", "seconds", 1767323045678],
  ["2026-01-02 03:04:05Z", "seconds", 1767323045000],
  ["2026-01-02T11:04:05+08:00", "seconds", 1767323045000],
  ["2026-01-02T11:04:05+0800", "seconds", 1767323045000],
  ["2026-01-02T03:04Z", "seconds", 1767323040000],
  ["2026-01-02", "seconds", 1767312000000],
] as const)("reads %j, counted in %s", (value, unit, expected) => {
  expect(toEpochMs(value, unit)).toBe(expected);
});

test.each([
  undefined,
  null,
  "",
  " ",
  true,
  {},
  [1767323045],
  Number.NaN,
  Number.POSITIVE_INFINITY,
  "1e9",
  "-1",
  "0x10",
  "yesterday",
  "2026-01-02T03:04:05",
  "2026-01-02 03:04:05",
  "02/01/2026",
  "2 January 2026 03:04:05 UTC",
  "2026-13-01T00:00:00Z",
  "2026-01-02T25:00:00Z",
  "2026-01-02T03:04:05Z ",
])("knows no time in %j", (value) => {
  expect(toEpochMs(value, "seconds")).toBeUndefined();
});
