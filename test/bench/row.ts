import type { Ratio } from "./measure.ts";

/** One line of the table. */
export interface Row {
  readonly name: string;
  readonly measured: string;
  readonly target: string;
  readonly ratio: string;
  /** Left out where there is no target. */
  readonly passed?: boolean;
}

/** Makes a row of a ratio that has to reach a target. */
export function ratioRow(name: string, measured: string, ratio: Ratio, target: number): Row {
  return {
    name,
    measured,
    target: `>= ${percent(target)}`,
    ratio: `${percent(ratio.median)} (${percent(ratio.low)} to ${percent(ratio.high)})`,
    passed: ratio.median >= target,
  };
}

/** Makes a row of a measure that must not pass a limit. */
export function limitRow(name: string, value: number, limit: number, unit: string): Row {
  return {
    name,
    measured: `${value.toFixed(1)} ${unit}`,
    target: `<= ${limit} ${unit}`,
    ratio: `${percent(value / limit)} of the limit`,
    passed: value <= limit,
  };
}

/** The time of one delivery, from a round's. */
export function perDelivery(roundMs: number, deliveries: number): string {
  return `${((roundMs * 1000) / deliveries).toFixed(1)} µs`;
}

/** The rows as text, in aligned columns. */
export function toTable(rows: readonly Row[]): string {
  const lines = [
    ["what", "measured", "target", "ratio", ""],
    ...rows.map(({ name, measured, target, ratio, passed }) => [name, measured, target, ratio, mark(passed)]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines.map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")).join("\n");
}

function mark(passed: boolean | undefined): string {
  if (passed === undefined) return "";
  return passed ? "pass" : "FAIL <<<";
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
