import { expect, test } from "vitest";

import { enderpayEventTypes } from "./events.ts";

test("lists each of Enderpay's nine event types once", () => {
  expect(enderpayEventTypes).toHaveLength(9);
  expect(new Set(enderpayEventTypes).size).toBe(9);
});
