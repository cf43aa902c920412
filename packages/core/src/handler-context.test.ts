import { expect, test } from "vitest";

import { AttemptContext } from "./handler-context.ts";

const fields = { provider: "shop", endpoint: "default", attempt: 2, receivedAtMs: 7 };

test("says what it was told", () => {
  expect(new AttemptContext(fields)).toMatchObject(fields);
});

test("has one signal, which aborts with the reason", () => {
  const context = new AttemptContext(fields);
  const { signal } = context;
  expect(context.signal).toBe(signal);
  expect(signal.aborted).toBe(false);
  const reason = new Error("late");
  context.abort(reason);
  expect(signal.aborted).toBe(true);
  expect(signal.reason).toBe(reason);
});

test("has a signal that is aborted already for a handler that looks too late", () => {
  const context = new AttemptContext(fields);
  const reason = new Error("late");
  context.abort(reason);
  expect(context.signal).toMatchObject({ aborted: true, reason });
});
