import { beforeEach, describe, expect, test, vi } from "vitest";

import { BackendError, HandlerError, RejectedError } from "./errors.ts";
import type { Outcome, WebhookError } from "./errors.ts";
import { logOutcome } from "./log-outcome.ts";
import type { OutcomeReport } from "./outcome-report.ts";

const lines: string[] = [];

beforeEach(() => {
  lines.length = 0;
  for (const level of ["error", "warn", "info", "log"] as const) {
    vi.spyOn(console, level).mockImplementation(
      (...texts: readonly unknown[]) => void lines.push(`${level} ${texts.join("|")}`),
    );
  }
});

function reportOf(outcome: Outcome, error?: WebhookError, changes: Partial<OutcomeReport> = {}): OutcomeReport {
  return {
    provider: "shop",
    endpoint: "default",
    outcome,
    status: error?.status ?? 200,
    durationMs: 3,
    remoteAddress: "192.0.2.7",
    eventId: "evt_1",
    eventType: "order.paid",
    attempt: 2,
    conflict: false,
    code: error?.code,
    error,
    ...changes,
  };
}

const boom = new HandlerError("ERR_HANDLER_FAILED", "The handler fulfil failed.", {
  cause: new RangeError("no stock"),
});

test.each(["handled", "duplicate", "ignored"] as const)("writes nothing about a delivery that was %s", (outcome) => {
  logOutcome(reportOf(outcome));
  expect(lines).toEqual([]);
});

test("writes one line with the place, the event, the attempt, the code, the help and the cause", () => {
  logOutcome(reportOf("failed", boom));
  expect(lines).toHaveLength(1);
  const [line] = lines;
  expect(line).toContain("[hooklatch] shop/default order.paid evt_1 attempt 2 failed 500 ERR_HANDLER_FAILED: ");
  expect(line).toContain("The handler fulfil failed.");
  expect(line).toContain("docs/errors/ERR_HANDLER_FAILED.md");
  expect(line).toMatch(/Cause: RangeError: no stock \(at .*log-outcome\.test\.ts/);
  expect(line).not.toContain("\n");
});

test("leaves out an event and an attempt that there are not", () => {
  const error = new RejectedError("ERR_SIGNATURE_MISMATCH", "It fits no key.");
  logOutcome(reportOf("rejected", error, { eventId: undefined, eventType: undefined, attempt: undefined }));
  expect(lines[0]).toContain("[hooklatch] shop/default rejected 401 ERR_SIGNATURE_MISMATCH: It fits no key.");
});

test.each([
  ["failed", "error"],
  ["unavailable", "error"],
  ["invalid", "error"],
  ["rejected", "warn"],
  ["busy", "warn"],
] as const)("writes about a delivery that was %s at the level %s", (outcome, level) => {
  logOutcome(reportOf(outcome, boom));
  expect(lines[0]).toMatch(new RegExp(`^${level} `));
});

test("writes about another body under the same id", () => {
  logOutcome(reportOf("duplicate", undefined, { conflict: true }));
  expect(lines).toEqual([
    "warn [hooklatch] shop/default order.paid evt_1 attempt 2 had another body before; the first one is kept",
  ]);
});

describe("nothing from outside forges a line:", () => {
  const forged = "x\r\n[hooklatch] shop/default order.paid evt_2 \u001B[31m\u202E%s";

  test.each([
    ["the type", { eventType: forged }],
    ["the id", { eventId: forged }],
    ["the endpoint", { endpoint: forged }],
    ["the message", { error: new RejectedError("ERR_EVENT_UNREADABLE", forged) }],
    ["the cause", { error: new HandlerError("ERR_HANDLER_FAILED", "It failed.", { cause: new Error(forged) }) }],
    [
      "the cause's name",
      {
        error: new HandlerError("ERR_HANDLER_FAILED", "It failed.", {
          cause: Object.assign(new Error("x"), { name: forged }),
        }),
      },
    ],
    [
      "the cause's stack",
      {
        error: new HandlerError("ERR_HANDLER_FAILED", "It failed.", {
          cause: Object.assign(new Error("x"), { stack: `Error: x\n    at \u001B[31m${forged}` }),
        }),
      },
    ],
  ])("not %s", (_what, changes) => {
    logOutcome(reportOf("failed", boom, changes));
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  test("not by its length", () => {
    logOutcome(reportOf("failed", boom, { eventType: "t".repeat(100_000), eventId: "i".repeat(100_000) }));
    expect(lines[0]?.length).toBeLessThan(2000);
  });
});

describe("a cause", () => {
  const lineOf = (cause: unknown): string => {
    logOutcome(reportOf("unavailable", new BackendError("ERR_STORE_UNAVAILABLE", "It is away.", { cause })));
    return lines[0] ?? "";
  };

  test("is told with what is below it", () => {
    const line = lineOf(new Error("query", { cause: new Error("connect ECONNREFUSED") }));
    expect(line).toMatch(/Cause: Error: query .* ← Error: connect ECONNREFUSED/);
  });

  test("that goes round in a ring comes to an end", () => {
    const ring = new Error("ring");
    ring.cause = new Error("other", { cause: ring });
    expect(lineOf(ring).match(/ring/g)).toHaveLength(2);
  });

  test("that is no error is told by its kind and not quoted", () => {
    expect(lineOf("card 4111")).toContain("Cause: a thrown string");
    expect(lineOf({ card: 4111 })).not.toContain("4111");
  });

  test("without a stack is told without a place", () => {
    const bare = new Error("bare");
    delete bare.stack;
    expect(lineOf(bare)).toMatch(/Cause: Error: bare$/);
  });
});
