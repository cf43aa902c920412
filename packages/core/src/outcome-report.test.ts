import { expect, test } from "vitest";

import { HandlerError } from "./errors.ts";
import { toReport } from "./outcome-report.ts";
import { replyTo, replyToError } from "./steps/reply.ts";
import { shop } from "./test-support/test-provider.ts";

const place = { provider: shop(), endpoint: "eu" };
const event = { id: "evt_1", type: "order.paid", payload: { card: "4111" } };

test("tells of an event its id and its type, never its payload", () => {
  const report = toReport({ outcome: "handled", reply: replyTo("handled"), event, attempt: 2 }, place, "192.0.2.7", 5);
  expect(report).toEqual({
    provider: "shop",
    endpoint: "eu",
    outcome: "handled",
    status: 200,
    durationMs: 5,
    remoteAddress: "192.0.2.7",
    eventId: "evt_1",
    eventType: "order.paid",
    attempt: 2,
    conflict: false,
    code: undefined,
    error: undefined,
  });
});

test("tells of a failure its code and the error, of a conflict that there is one", () => {
  const error = new HandlerError("ERR_HANDLER_FAILED", "It failed.");
  const failed = toReport({ outcome: "failed", reply: replyToError(error), error }, place, undefined, 5);
  expect(failed).toMatchObject({
    status: 500,
    code: "ERR_HANDLER_FAILED",
    error,
    eventId: undefined,
    attempt: undefined,
  });
  const conflict = { outcome: "duplicate", reply: replyTo("duplicate"), event, conflict: true } as const;
  expect(toReport(conflict, place, undefined, 5).conflict).toBe(true);
});
