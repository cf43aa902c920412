import { expect, test } from "vitest";

import { chipSendEventTypes } from "./events.ts";

test("lists each of CHIP Send's three event types once", () => {
  expect(chipSendEventTypes).toHaveLength(3);
  expect(new Set(chipSendEventTypes).size).toBe(3);
});
