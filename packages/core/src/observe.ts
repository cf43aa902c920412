import { channel } from "node:diagnostics_channel";

import { callHook } from "./call-hook.ts";
import type { OutcomeReport } from "./outcome-report.ts";

/** The `diagnostics_channel` on which every receiver of the process publishes an {@link OutcomeReport} per delivery. */
export const outcomeChannelName = "hooklatch:outcome";

const outcomes = channel(outcomeChannelName);

/** Tells the hook and the channel's subscribers what became of a delivery. Nothing they do can change its reply. */
export function observe(report: OutcomeReport, onOutcome: (report: OutcomeReport) => unknown): void {
  if (outcomes.hasSubscribers) outcomes.publish(report);
  callHook("onOutcome", onOutcome, report);
}
