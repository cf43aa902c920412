import { BackendError, ConfigError } from "@hooklatch/core/errors";
import { expect, test, vi } from "vitest";

import { logLost, logState } from "./log.ts";

const reason = new BackendError("ERR_CONNECTION_FAILED", "It was lost.");

test("logState says what went wrong, and is silent while all is well", () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  const error = vi.spyOn(console, "error").mockImplementation(() => {});
  logState({ state: "connected" });
  logState({ state: "closed" });
  expect([warn.mock.calls, error.mock.calls]).toEqual([[], []]);
  logState({ state: "reconnecting", reason });
  expect(warn.mock.calls.flat()).toEqual([
    expect.stringMatching(
      /^\[hooklatch\] inplayer-notifications reconnecting ERR_CONNECTION_FAILED: It was lost\. See /,
    ),
  ]);
  logState({ state: "closed", reason: new ConfigError("ERR_CREDENTIALS_REFUSED", "No.") });
  expect(error.mock.calls.flat()).toEqual([expect.stringContaining("closed ERR_CREDENTIALS_REFUSED: No.")]);
});

test("logLost writes one line, which no event can forge", () => {
  const error = vi.spyOn(console, "error").mockImplementation(() => {});
  logLost({ error: reason, attempts: 4, eventType: "a\n[hooklatch] forged\u001b[2J", eventId: "x".repeat(10_000) });
  logLost({ error: reason, attempts: 0 });
  const lines = error.mock.calls.flat().map(String);
  expect(lines).toHaveLength(2);
  for (const line of lines) expect(line).toMatch(/^[ -~…]{1,500}$/);
  expect(lines[0]).toContain("lost after 4 attempts ERR_CONNECTION_FAILED");
});
