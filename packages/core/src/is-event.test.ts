import { expect, test } from "vitest";

import { isEvent } from "./is-event.ts";

test("tells an event of one type from the others", () => {
  const event = { id: "1", type: "order.paid", payload: {} };
  expect(isEvent(event, "order.paid")).toBe(true);
  expect(isEvent(event, "order")).toBe(false);
});
