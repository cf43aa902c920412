import { runInNewContext } from "node:vm";
import { beforeEach, expect, test, vi } from "vitest";

import { callHook } from "./call-hook.ts";
import { settled } from "./test-support/test-clock.ts";

const warn = vi.fn<typeof process.emitWarning>();

beforeEach(() => {
  warn.mockReset();
  vi.spyOn(process, "emitWarning").mockImplementation(warn);
});

test("calls the hook with the report and warns of nothing", async () => {
  const hook = vi.fn<(report: number) => Promise<void>>(async () => {});
  callHook("onX", hook, 7);
  await settled();
  expect(hook).toHaveBeenCalledExactlyOnceWith(7);
  expect(warn).not.toHaveBeenCalled();
});

test.each([
  [
    "throws an error",
    () => {
      throw new TypeError("quotes a body");
    },
    "TypeError",
  ],
  [
    "throws something else",
    () => {
      throw "quotes a body";
    },
    "string",
  ],
  ["rejects", () => Promise.reject(new RangeError("quotes a body")), "RangeError"],
  ["rejects with nothing", () => Promise.reject(), "undefined"],
  ["rejects in another realm", () => runInNewContext("Promise.reject(7)") as Promise<never>, "number"],
])("turns a hook that %s into a warning that quotes nothing", async (_how, hook: () => unknown, what) => {
  callHook("onX", hook, 7);
  await settled();
  expect(warn.mock.calls).toEqual([
    [`onX failed: ${what}`, { type: "HooklatchWarning", code: "HOOKLATCH_HOOK_FAILED" }],
  ]);
});
