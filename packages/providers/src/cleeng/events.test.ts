import { expect, test } from "vitest";

import { cleengTopics } from "./events.ts";
import { topicRules } from "./topic-rules.ts";

test("lists each of the 25 known topics once", () => {
  expect(cleengTopics).toHaveLength(25);
  expect(new Set(cleengTopics).size).toBe(25);
});

test("has rules for known topics only", () => {
  expect(cleengTopics).toEqual(expect.arrayContaining([...topicRules.keys()]));
  expect(topicRules.size).toBeGreaterThan(5);
});
