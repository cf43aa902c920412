import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";

import { isPromise } from "./is-promise.ts";

test.each([
  ["a promise", Promise.resolve()],
  ["a promise of another realm, as test runners make them", runInNewContext("Promise.resolve()")],
  ["an object with a then method", { then: () => {} }],
])("%s has to be awaited", (_what, value: unknown) => {
  expect(isPromise(value)).toBe(true);
});

test.each([undefined, null, 0, "then", true, {}, [], { then: 1 }, () => {}])("%j has not", (value) => {
  expect(isPromise<unknown>(value)).toBe(false);
});
