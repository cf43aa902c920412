import { ConfigError } from "@hooklatch/core/errors";
import { expect, test } from "vitest";

import { toWireChanges, toWireWebhook } from "./webhook-input.ts";

const good = { title: "Shop", callback: "https://shop.example/hook", events: ["purchase.paid"] } as const;

/** As from a program without types, or from a configuration file. */
function refusal(changes: object): string {
  try {
    toWireWebhook({ ...good, ...changes });
  } catch (error) {
    if (error instanceof ConfigError && error.code === "ERR_OPTION_INVALID") return error.message;
  }
  return "no refusal";
}

test("accepts a title and a callback that just fit, counted in characters", () => {
  const callback = `https://shop.example/${"h".repeat(479)}`;
  expect(callback).toHaveLength(500);
  const wire = toWireWebhook({ ...good, title: "😀".repeat(100), callback });
  expect(wire).toEqual({ title: "😀".repeat(100), callback, events: ["purchase.paid"], all_events: false });
});

test.each([
  [{ title: "t".repeat(101) }, "title has 101 characters; CHIP allows 100."],
  [{ title: undefined }, "title is missing or blank."],
  [{ title: " " }, "title is missing or blank."],
  [{ callback: `https://shop.example/${"h".repeat(480)}` }, "callback has 501 characters; CHIP allows 500."],
])("refuses %o", (changes, message) => {
  expect(refusal(changes)).toBe(message);
});

test.each([undefined, "", "shop.example/hook", "ftp://shop.example/", "javascript:alert(1)", 5])(
  "refuses the callback %j",
  (callback) => {
    expect(refusal({ callback })).toContain("callback is not an http or https address");
  },
);

test.each([
  [{ events: undefined }, "events is missing or empty"],
  [{ events: [] }, "events is missing or empty"],
  [{ events: undefined, allEvents: false }, "events is missing or empty"],
  [{ events: "purchase.paid" }, "events is missing or empty"],
  [{ events: ["purchase.paid", ""] }, "events[1] is not the name of an event"],
  [{ events: [5] }, "events[0] is not the name of an event"],
  [{ events: ["a.b", "c.d", "a.b"] }, 'events holds "a.b" twice.'],
  [{ allEvents: true }, "Give events or allEvents, not both."],
  [{ events: undefined, allEvents: "yes" }, "allEvents can only be true."],
])("refuses the choice %o", (changes, message) => {
  expect(refusal(changes)).toContain(message);
});

test("takes names of events that are newer than this version", () => {
  expect(toWireWebhook({ ...good, events: ["purchase.gift_wrapped"] }).events).toEqual(["purchase.gift_wrapped"]);
});

test("changes what is given and says nothing of the rest", () => {
  expect(toWireChanges({ title: "New" })).toEqual({ title: "New" });
  expect(toWireChanges({ allEvents: true })).toEqual({ all_events: true });
  expect(toWireChanges({ events: ["a.b"] })).toEqual({ events: ["a.b"], all_events: false });
});

test("checks changes as it checks a whole webhook", () => {
  expect(() => toWireChanges({ title: "t".repeat(101) })).toThrow("101 characters");
  expect(() => toWireChanges({ callback: "nowhere" })).toThrow("callback");
  expect(() => toWireChanges({ events: [] })).toThrow("events is missing or empty");
  expect(() => toWireChanges({})).toThrow("The changes of the webhook are empty.");
});
