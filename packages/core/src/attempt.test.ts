import { expect, test } from "vitest";

import { createAttempt } from "./attempt.ts";

const fields = { provider: "shop", endpoint: "default", attempt: 2, receivedAtMs: 7 };

test("says what it was told", () => {
  expect(createAttempt(fields).context).toMatchObject(fields);
});

test("has one signal, which aborts with the reason", () => {
  const attempt = createAttempt(fields);
  const { signal } = attempt.context;
  expect(attempt.context.signal).toBe(signal);
  expect([signal.aborted, attempt.isOver()]).toEqual([false, false]);
  const reason = new Error("late");
  attempt.abort(reason);
  expect([signal.aborted, attempt.isOver()]).toEqual([true, true]);
  expect(signal.reason).toBe(reason);
});

test("has a signal that is aborted already for a handler that looks too late", () => {
  const attempt = createAttempt(fields);
  const reason = new Error("late");
  attempt.abort(reason);
  expect(attempt.context.signal).toMatchObject({ aborted: true, reason });
});

test("keeps its signal when a handler copies the context", () => {
  const attempt = createAttempt(fields);
  const copy = { ...attempt.context };
  attempt.abort(new Error("late"));
  expect(copy.signal.aborted).toBe(true);
});
