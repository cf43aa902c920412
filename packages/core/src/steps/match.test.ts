import type { StandardSchemaV1 } from "@standard-schema/spec";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { z } from "zod";

import { createRoute } from "../route.ts";
import { refusalOf } from "../test-support/caught.ts";
import { match } from "./match.ts";

const event = { id: "evt_1", type: "order.paid", payload: { total: "42", card: "4111" } };

const route = (pattern: string, schema?: StandardSchemaV1, name = pattern) =>
  createRoute(pattern, schema === undefined ? { name } : { name, schema }, () => {});

/** The names of the handlers an event goes to, and the payload each of them sees. */
const runsOf = async (...args: Parameters<typeof match>) =>
  (await match(...args)).map(({ name, event: seen }) => [name, seen.payload]);

/** What an invalid payload is refused with, as its message. */
async function messageOf(...args: Parameters<typeof match>): Promise<string> {
  const error: unknown = await Promise.resolve(match(...args)).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  return error instanceof Error ? error.message : "nothing";
}

test("finds the handlers in the order they were registered, without waiting", () => {
  const routes = [route("*"), route("order.refunded"), route("order.paid"), route("order.*"), route("customer.*")];
  const runs = match(event, routes, undefined);
  expect(runs).toBeInstanceOf(Array);
  expect(runs).toMatchObject([{ name: "*" }, { name: "order.paid" }, { name: "order.*" }]);
  expect(match({ ...event, type: "invoice.sent" }, routes.slice(1), undefined)).toEqual([]);
});

describe.each([
  ["zod", z.object({ total: z.coerce.number() }), z.object({ total: z.coerce.number() }).refine(async () => true)],
  [
    "valibot",
    v.object({ total: v.pipe(v.string(), v.transform(Number)) }),
    v.objectAsync({
      total: v.pipeAsync(
        v.string(),
        v.transform(Number),
        v.checkAsync(async () => true),
      ),
    }),
  ],
])("a schema of %s", (_library, schema, asyncSchema) => {
  test.each([
    ["answers at once", schema],
    ["answers later", asyncSchema],
  ])("that %s gives its handler, and it alone, what it makes of the payload", async (_when, given) => {
    expect(await runsOf(event, [route("order.paid", given), route("*")], undefined)).toEqual([
      ["order.paid", { total: 42 }],
      ["*", event.payload],
    ]);
  });

  test("of the provider gives it to every handler, and a handler's own schema goes on from there", async () => {
    const schemas = { "order.paid": schema };
    const own = z.object({ total: z.number().transform((total) => total + 1) });
    expect(await runsOf(event, [route("*"), route("order.*", own)], schemas)).toEqual([
      ["*", { total: 42 }],
      ["order.*", { total: 43 }],
    ]);
    expect(await runsOf({ ...event, type: "order.sent" }, [route("*")], schemas)).toEqual([["*", event.payload]]);
  });

  test("that fails is an outcome of its own, for all handlers", async () => {
    const broken = { ...event, payload: { total: {} } };
    for (const given of [schema, asyncSchema]) {
      const refusal = refusalOf(() => match(broken, [route("*"), route("order.*", given)], undefined));
      expect(await refusal).toBe("ERR_PAYLOAD_INVALID 500");
    }
  });

  test("that fails names the place and never the value", async () => {
    const broken = { ...event, payload: { total: { card: "4111" } } };
    const message = await messageOf(broken, [route("*", schema, "fulfil")], undefined);
    expect(message).toContain("handler fulfil at total");
    expect(message).not.toContain("4111");
    const ofProvider = await messageOf(broken, [route("*")], { "order.paid": schema });
    expect(ofProvider).toContain("the provider at total");
  });
});

test("a provider's schema is not asked about an event that nobody handles", async () => {
  const schema = z.unknown().refine(() => expect.unreachable("It was asked."));
  expect(await match(event, [], { "order.paid": schema })).toEqual([]);
});

test.each(["constructor", "__proto__", "toString", "hasOwnProperty"])(
  "finds no schema for the type %s",
  async (type) => {
    expect(await runsOf({ ...event, type }, [route("*")], { "order.paid": z.never() })).toEqual([["*", event.payload]]);
  },
);

test("leaves the event as it was", async () => {
  const before = structuredClone(event);
  await match(event, [route("*", z.object({ total: z.coerce.number() }))], undefined);
  expect(event).toEqual(before);
});

test("names at most five places, and how many more there are", async () => {
  const schema = z.object(Object.fromEntries("abcdefg".split("").map((key) => [key, z.string()])));
  expect(await messageOf(event, [route("*", schema)], undefined)).toContain("at a, b, c, d, e and 2 more");
});

test("names a place inside lists, and the top when it is the payload itself", async () => {
  const inside = z.object({ items: z.array(z.object({ sku: z.string() })) });
  const broken = { ...event, payload: { items: [{ sku: "x" }, {}] } };
  expect(await messageOf(broken, [route("*", inside)], undefined)).toContain("at items.1.sku.");
  expect(await messageOf(event, [route("*", z.string())], undefined)).toContain("at the top.");
});

test("masks a key that may be data, such as an address or a line break", async () => {
  const broken = { ...event, payload: { "mia@example.com": 1 } };
  const message = await messageOf(broken, [route("*", z.record(z.string(), z.string()))], undefined);
  expect(message).toContain("at *.");
  expect(message).not.toContain("mia");
});

describe("a schema that breaks", () => {
  const broken = (validate: () => never): StandardSchemaV1 => ({
    "~standard": { version: 1, vendor: "test", validate },
  });

  test.each([
    [
      "throws",
      () => {
        throw new TypeError("got 4111");
      },
    ],
    ["rejects", (() => Promise.reject(new TypeError("got 4111"))) as () => never], // a promise where none is due
  ])("because it %s is a failure of the application, its message withheld", async (_how, validate: () => never) => {
    const work = Promise.resolve().then(() => match(event, [route("*", broken(validate), "fulfil")], undefined));
    await expect(work).rejects.toMatchObject({
      code: "ERR_HANDLER_FAILED",
      status: 500,
      message: expect.stringContaining("handler fulfil"),
      cause: expect.objectContaining({ message: "TypeError (message withheld)" }),
    });
  });
});
