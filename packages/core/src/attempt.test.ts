import { expect, test } from "vitest";

import { createAttempt } from "./attempt.ts";

const fields = { provider: "shop", endpoint: "default", attempt: 2, receivedAtMs: 7 };

test("says what it was told, and hands on the transaction", () => {
  const transaction = { query: () => {} };
  expect(createAttempt(fields).contextWith(transaction).transaction).toBe(transaction);
  expect(createAttempt(fields).contextWith(undefined)).toMatchObject(fields);
});

test("has one signal, which aborts with the reason", () => {
  const attempt = createAttempt(fields);
  const { signal } = attempt.contextWith(undefined);
  expect(attempt.contextWith(1).signal).toBe(signal);
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
  expect(attempt.contextWith(1).signal).toMatchObject({ aborted: true, reason });
});

test("keeps its signal when a handler copies the context", () => {
  const attempt = createAttempt(fields);
  const copy = { ...attempt.contextWith(undefined) };
  attempt.abort(new Error("late"));
  expect(copy.signal.aborted).toBe(true);
});
