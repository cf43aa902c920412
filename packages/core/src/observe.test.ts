import diagnostics from "node:diagnostics_channel";
import { afterEach, expect, test, vi } from "vitest";

import { observe, outcomeChannelName } from "./observe.ts";
import type { OutcomeReport } from "./outcome-report.ts";

const report: OutcomeReport = {
  provider: "shop",
  endpoint: "default",
  outcome: "handled",
  status: 200,
  durationMs: 3,
  remoteAddress: undefined,
  eventId: "evt_1",
  eventType: "order.paid",
  attempt: 1,
  conflict: false,
  code: undefined,
  error: undefined,
};

const published: unknown[] = [];
const subscriber = (message: unknown): void => void published.push(message);

afterEach(() => {
  diagnostics.unsubscribe(outcomeChannelName, subscriber);
  published.length = 0;
});

test("tells the hook and the channel the same", () => {
  diagnostics.subscribe("hooklatch:outcome", subscriber);
  const hooked: unknown[] = [];
  observe(report, (given) => hooked.push(given));
  expect(hooked).toEqual([report]);
  expect(published).toEqual([report]);
});

test("tells the hook alone where nobody has subscribed", () => {
  const hook = vi.fn<(given: OutcomeReport) => void>();
  observe(report, hook);
  expect(hook).toHaveBeenCalledExactlyOnceWith(report);
});

test("survives a hook that throws, and warns with its name", () => {
  const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  diagnostics.subscribe(outcomeChannelName, subscriber);
  observe(report, () => {
    throw new Error("hook");
  });
  expect(warn).toHaveBeenCalledExactlyOnceWith("onOutcome failed: Error", expect.anything());
  expect(published).toHaveLength(1);
});
