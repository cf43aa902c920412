import { logOutcome } from "@hooklatch/core";
import type { OutcomeReport } from "@hooklatch/core";

/** How many deliveries of each platform came to which outcome, such as `{ "stripe handled": 3 }`. */
export interface Outcomes {
  readonly onOutcome: (report: OutcomeReport) => void;
  read(): Readonly<Record<string, number>>;
}

/** Counts outcomes, and writes the line that a receiver without a hook of its own writes. */
export function createOutcomes(): Outcomes {
  const counts = new Map<string, number>();
  return {
    onOutcome(report) {
      const name = `${report.provider} ${report.outcome}`;
      counts.set(name, (counts.get(name) ?? 0) + 1);
      logOutcome(report);
    },
    read: () => Object.fromEntries(counts),
  };
}
