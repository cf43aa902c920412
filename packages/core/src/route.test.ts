import { describe, expect, test } from "vitest";
import { z } from "zod";

import { createRoute } from "./route.ts";
import { thrownBy } from "./test-support/caught.ts";

const handler = (): void => {};

const matches = (pattern: string, type: string): boolean => createRoute(pattern, {}, handler).matches(type);

describe("a pattern", () => {
  test.each([
    ["order.paid", "order.paid", true],
    ["order.paid", "order.paid.late", false],
    ["order.paid", "order.pai", false],
    ["order.paid", "ORDER.PAID", false],
    ["order.paid", "orderXpaid", false],
    ["order.*", "order.paid", true],
    ["order.*", "order.line.added", true],
    ["order.*", "order.", true],
    ["order.*", "order", false],
    ["order.*", "orders.paid", false],
    ["order.*", "reorder.paid", false],
    ["order.line.*", "order.line.added", true],
    ["order.line.*", "order.paid", false],
    ["*", "anything", true],
    ["*", "", true],
  ])("%s against %s: %j", (pattern, type, expected) => {
    expect(matches(pattern, type)).toBe(expected);
  });

  test.each(["constructor", "__proto__", "toString", "hasOwnProperty"])("%s is text like any other", (type) => {
    expect(matches(type, type)).toBe(true);
    expect(matches("order.*", type)).toBe(false);
    expect(matches("*", type)).toBe(true);
  });

  test.each(["(a+)+$", "[a-z]", "a|b", "^order", "order.paid?", "$&"])(
    "%s means itself and is no regular expression",
    (pattern) => {
      expect(matches(pattern, pattern)).toBe(true);
      expect(matches(pattern, "aaaaaaaaaaaaaaaaaaaaaaaaaaaa!")).toBe(false);
    },
  );

  test.each([
    "",
    "**",
    "*.paid",
    "order*",
    "order.*.paid",
    "a.*.*.*.*.*.*.z",
    "order.**",
    ".*",
    "*.*",
    "order.* ",
    "o*.*",
  ])("%j is none", (pattern) => {
    const error = thrownBy(() => createRoute(pattern, {}, handler));
    expect(error).toMatchObject({ name: "ConfigError", code: "ERR_PATTERN_INVALID", status: 500 });
    expect(error.message).toContain(JSON.stringify(pattern));
  });

  test.each([undefined, null, 7, {}, ["order.paid"], /order/])(
    "%j is none, for a program without types",
    (pattern: unknown) => {
      expect(thrownBy(() => createRoute(pattern as string, {}, handler))).toMatchObject({
        code: "ERR_PATTERN_INVALID",
      });
    },
  );

  test("takes no longer for a type of any length", () => {
    const route = createRoute(`${"a.".repeat(2000)}*`, {}, handler);
    expect(route.matches("a.".repeat(2000))).toBe(true);
    expect(route.matches("a.".repeat(1999))).toBe(false);
  });
});

describe("a handler", () => {
  test("is named by its option, else by its function, else by its pattern", () => {
    function fulfil(): void {}
    expect(createRoute("order.paid", { name: "ship" }, fulfil).name).toBe("ship");
    expect(createRoute("order.paid", {}, fulfil).name).toBe("fulfil");
    expect(createRoute("order.paid", {}, () => {}).name).toBe("order.paid");
  });

  test.each([undefined, null, {}, "fulfil"])("that is %j is refused at the start", (given: unknown) => {
    const error = thrownBy(() => createRoute("order.paid", {}, given as () => void));
    expect(error).toMatchObject({ name: "ConfigError", code: "ERR_OPTION_INVALID" });
    expect(error.message).toContain('on("order.paid"): the handler');
  });
});

describe("a schema", () => {
  test("is kept", () => {
    const schema = z.string();
    expect(createRoute("order.paid", { schema }, handler).schema).toBe(schema);
    expect(createRoute("order.paid", {}, handler).schema).toBeUndefined();
  });

  test.each([{}, { "~standard": {} }, { parse: () => {} }, "string"])(
    "that is %j is refused at the start",
    (given: unknown) => {
      // What a program without types, or with an older library, hands over.
      const error = thrownBy(() => createRoute("order.paid", { schema: given as z.ZodString }, handler));
      expect(error).toMatchObject({ name: "ConfigError", code: "ERR_OPTION_INVALID" });
      expect(error.message).toContain("schema");
    },
  );
});
