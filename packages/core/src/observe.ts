import { channel } from "node:diagnostics_channel";

import type { OutcomeReport } from "./outcome-report.ts";

/** The `diagnostics_channel` on which every receiver of the process publishes an {@link OutcomeReport} per delivery. */
export const outcomeChannelName = "hooklatch:outcome";

const outcomes = channel(outcomeChannelName);

/** Tells the hook and the channel's subscribers what became of a delivery. Nothing they do can change its reply. */
export function observe(report: OutcomeReport, onOutcome: (report: OutcomeReport) => unknown): void {
  if (outcomes.hasSubscribers) outcomes.publish(report);
  try {
    const answer = onOutcome(report);
    if (answer instanceof Promise) answer.catch(warn);
  } catch (cause) {
    warn(cause);
  }
}

function warn(cause: unknown): void {
  process.emitWarning(`onOutcome failed: ${cause instanceof Error ? cause.name : typeof cause}`, {
    type: "HooklatchWarning",
    code: "HOOKLATCH_HOOK_FAILED",
  });
}
