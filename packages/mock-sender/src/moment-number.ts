import type { MockMoment } from "./mock-platform.ts";

/** A whole number of nine digits, for platforms that count: the same for the same label in the same moment. */
export function momentNumber(moment: MockMoment, label: string): number {
  return 100_000_000 + (Number.parseInt(moment.uuid(label).slice(0, 8), 16) % 900_000_000);
}
