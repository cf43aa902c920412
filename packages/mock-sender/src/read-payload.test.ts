import { expect, test } from "vitest";

import { createMoments } from "./moments.ts";
import { readPayload } from "./read-payload.ts";
import { createVirtualClock } from "./virtual-clock.ts";

const moment = createMoments(createVirtualClock(0), "payload")();

test("answers with the payload", () => {
  const payload = { a: 1 };
  expect(readPayload({ type: "t", payload, moment })).toBe(payload);
});

test.each([undefined, null, "text", 1, [1]])("refuses %j", (payload) => {
  expect(() => readPayload({ type: "t", payload, moment })).toThrow("The payload of t must be an object.");
});
