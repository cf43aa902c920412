import { createHash } from "node:crypto";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { z } from "zod";

import { createReceiver } from "./create-receiver.ts";
import { defineProvider } from "./define-provider.ts";
import type { ProviderDefinition } from "./define-provider.ts";
import { toIncomingDelivery } from "./incoming-delivery.ts";
import type { Provider } from "./provider.ts";
import { shop, shopDelivery } from "./test-support/test-provider.ts";
import { thrownBy } from "./test-support/caught.ts";

const { scheme } = shop();
const definition = { name: "acme", scheme };

/** What becomes of a body, and the event that the handlers saw. */
async function receive(provider: Provider<unknown>, body: unknown, headers: Readonly<Record<string, string>> = {}) {
  const seen: unknown[] = [];
  const receiver = createReceiver({ provider, onOutcome: () => {} });
  receiver.on("*", ({ type, id, payload, occurredAt }) => void seen.push({ type, id, payload, occurredAt }));
  const { outcome, error } = await receiver.receive(shopDelivery(body, { headers }));
  return { outcome: error?.code ?? outcome, event: seen[0] };
}

const define = (more: Partial<ProviderDefinition> = {}) => defineProvider({ ...definition, ...more });

describe("a definition of nothing but a name and a scheme", () => {
  test("reads id and type from the fields of that name, and the whole body as payload", async () => {
    const body = { id: "evt_1", type: "order.paid", total: 5 };
    expect(await receive(define(), body)).toEqual({
      outcome: "handled",
      event: { id: "evt_1", type: "order.paid", payload: body, occurredAt: undefined },
    });
  });

  test("has JSON, a limit of 1 MiB and a horizon of three days, and leaves out what is not said", () => {
    expect(define()).toEqual({
      name: "acme",
      scheme,
      body: "json",
      maxBodyBytes: 1024 * 1024,
      retryHorizonMs: 3 * 24 * 60 * 60 * 1000,
      describe: expect.any(Function),
    });
  });

  test("does not guess where else a type could stand", async () => {
    const body = { id: "evt_1", event: "order.paid", event_type: "order.paid", topic: "order.paid" };
    expect((await receive(define(), body)).outcome).toBe("ERR_EVENT_TYPE_INVALID");
  });
});

test("a definition says the rest", () => {
  const handshake = () => undefined;
  const more = { body: "form", contentTypes: ["text/x"], maxBodyBytes: 5, retryHorizonMs: 6, handshake } as const;
  expect(define(more)).toMatchObject(more);
});

test("JSON may stand in the one field of a form", async () => {
  const form = { "content-type": "application/x-www-form-urlencoded" };
  const contentTypes = ["application/json", form["content-type"]];
  const provider = define({ jsonField: "payload", contentTypes });
  const body = { id: "evt_1", type: "order.paid" };
  const event = { id: "evt_1", type: "order.paid", payload: body, occurredAt: undefined };
  const text = `payload=${encodeURIComponent(JSON.stringify(body))}`;
  expect(await receive(provider, text, form)).toEqual({ outcome: "handled", event });
  expect(await receive(provider, body)).toEqual({ outcome: "handled", event });
});

test("a handshake is answered after verification only", async () => {
  const reply = { status: 200, headers: {}, body: "pong" };
  const provider = define({ handshake: (body) => (body["type"] === "ping" ? reply : undefined) });
  const receiver = createReceiver({ provider, onOutcome: () => {} });
  expect(await receiver.receive(shopDelivery({ type: "ping" }))).toMatchObject({ reply });
  const forged = shopDelivery({ type: "ping" }, { headers: { "x-shop-signature": "00".repeat(32) } });
  expect((await receiver.receive(forged)).outcome).toBe("rejected");
});

describe("a locator", () => {
  test("is a path, or a function of the body and the delivery", async () => {
    const body = { meta: { event: { name: "order.paid", no: "7" } }, data: { object: { total: 5 } } };
    const event = { id: "7", type: "order.paid", payload: { total: 5 }, occurredAt: undefined };
    const paths = define({ type: "meta.event.name", id: "meta.event.no", payload: "data.object" });
    expect(await receive(paths, body)).toEqual({ outcome: "handled", event });

    const functions = define({
      type: (_body, delivery) => delivery.header("X-Type"),
      id: ({ meta }) => (typeof meta === "object" ? "7" : undefined),
      payload: ({ data }) => data,
    });
    const { event: other } = await receive(functions, body, { "X-Type": "order.paid" });
    expect(other).toEqual({ ...event, payload: body.data });
  });

  test("of a payload that is not there leaves it undefined", async () => {
    const { event } = await receive(define({ payload: "data.object" }), { id: "1", type: "a", data: null });
    expect(event).toHaveProperty("payload", undefined);
  });

  test.each(["constructor.name", "__proto__.name", "data.length", "data.toString.name", "meta.type.x", "items.length"])(
    "at %s finds nothing that is only inherited or part of a text or a list",
    async (type) => {
      const body = { id: "1", data: "text", meta: { type: "text" }, items: ["a"] };
      expect((await receive(define({ type }), body)).outcome).toBe("ERR_EVENT_TYPE_INVALID");
    },
  );

  test.each(["constructor", "toString", "__proto__", "data.constructor"])(
    "of a payload at %s finds nothing that is only inherited",
    async (payload) => {
      const { event } = await receive(define({ payload }), { id: "1", type: "a", data: {} });
      expect(event).toHaveProperty("payload", undefined);
    },
  );

  test("finds its way through lists", async () => {
    const { event } = await receive(define({ type: "events.0.type" }), { id: "1", events: [{ type: "a.b" }] });
    expect(event).toMatchObject({ type: "a.b" });
  });

  test("reads the fields of a form", async () => {
    const provider = define({ body: "form", type: "event.name", id: "event.id" });
    const text = "event[name]=order.paid&event[id]=9007199254740993&total=5";
    const form = { "content-type": "application/x-www-form-urlencoded" };
    expect((await receive(provider, text, form)).event).toMatchObject({ id: "9007199254740993", type: "order.paid" });
  });
});

describe("an id", () => {
  test.each([
    ["id", '{"type":"a","id":9007199254740993}', "9007199254740993"],
    ["data.id", '{"type":"a","id":1,"data":{"id":9007199254740993}}', "9007199254740993"],
    ["data.0.id", '{"type":"a","data":[{"id":-9007199254740993}]}', "-9007199254740993"],
  ])("at %s keeps all digits of a number past 2^53", async (id, text, expected) => {
    expect((await receive(define({ id }), text)).event).toMatchObject({ id: expected });
  });

  test.each([
    ["data.id", { type: "a", data: {} }],
    ["data.id", { type: "a", data: { id: null } }],
    ["data.id", { type: "a", data: { id: "" } }],
    ["data.id", { type: "a", "data.id": "x" }],
    ["id", { type: "a", id: 1.5 }],
    ["id", { type: "a", id: {} }],
  ])("at %s is refused in %j, never shared", async (id, body) => {
    expect((await receive(define({ id }), body)).outcome).toBe("ERR_EVENT_ID_INVALID");
  });

  test("from a function that lost digits is refused", async () => {
    const provider = define({ id: (body) => body["id"] });
    expect((await receive(provider, '{"type":"a","id":9007199254740993}')).outcome).toBe("ERR_EVENT_ID_INVALID");
  });

  test("of the body's hash is the SHA-256 of the exact bytes", async () => {
    const provider = define({ id: "body-hash" });
    const texts = ['{"type":"a","n":1}', '{"type":"a","n":1} ', '{"type":"a","n":1.0}'];
    for (const text of texts) {
      const { event } = await receive(provider, text);
      expect(event).toMatchObject({ id: createHash("sha256").update(text).digest("hex") });
    }
  });
});

test.each([
  [{ at: "at" }, { at: 1767323045 }, "2026-01-02T03:04:05.000Z"],
  [{ at: "at", unit: "seconds" }, { at: "1767323045" }, "2026-01-02T03:04:05.000Z"],
  [{ at: "at", unit: "milliseconds" }, { at: 1767323045678 }, "2026-01-02T03:04:05.678Z"],
  [{ at: "data.at" }, { data: { at: "2026-01-02T11:04:05+08:00" } }, "2026-01-02T03:04:05.000Z"],
  [{ at: () => 0 }, {}, "1970-01-01T00:00:00.000Z"],
  [{ at: "at" }, {}, undefined],
  [{ at: "at" }, { at: "soon" }, undefined],
  [{ at: "at" }, { at: 1e300 }, undefined],
] as const)("the time of %j in %j is %s", async (occurredAt, body, expected) => {
  const { event } = await receive(define({ occurredAt }), { id: "1", type: "a", ...body });
  expect(event).toMatchObject({ occurredAt: expected });
});

describe("events by Standard Schemas", () => {
  const provider = defineProvider({
    ...definition,
    payload: "data",
    events: {
      "order.paid": z.object({ total: z.coerce.number() }),
      "order.refunded": v.object({ reason: v.optional(v.string(), "none given") }),
    },
  });

  test("hand their output to the handlers, of zod as of valibot", async () => {
    const paid = await receive(provider, { id: "1", type: "order.paid", data: { total: "42", extra: true } });
    expect(paid.event).toMatchObject({ payload: { total: 42 } });
    const refunded = await receive(provider, { id: "2", type: "order.refunded", data: {} });
    expect(refunded.event).toMatchObject({ payload: { reason: "none given" } });
  });

  test.each([
    ["order.paid", { total: "many" }],
    ["order.refunded", { reason: 5 }],
    ["order.refunded", null],
  ])("refuse %s with %j before a handler runs", async (type, data) => {
    expect(await receive(provider, { id: "1", type, data })).toEqual({
      outcome: "ERR_PAYLOAD_INVALID",
      event: undefined,
    });
  });

  test("leave alone what they do not name, names from every object's prototype included", async () => {
    for (const type of ["order.shipped", "constructor", "toString", "__proto__"]) {
      const { outcome, event } = await receive(provider, { id: type, type, data: { any: 1 } });
      expect({ outcome, event }).toMatchObject({ outcome: "handled", event: { type, payload: { any: 1 } } });
    }
  });

  test("may be asynchronous", async () => {
    const later = defineProvider({
      ...definition,
      events: { a: z.object({ id: z.string().refine(async (id) => id === "good") }) },
    });
    expect((await receive(later, { id: "good", type: "a" })).outcome).toBe("handled");
    expect((await receive(later, { id: "bad", type: "a" })).outcome).toBe("ERR_PAYLOAD_INVALID");
  });
});

describe("a definition is refused at the start", () => {
  test.each([undefined, "", "Acme", "acme pay", "acme_pay", "-acme", "acme\n", "acmé", "acme:pay", 5])(
    "with the name %j",
    (name) => {
      // What a program without types hands over.
      const error = thrownBy(() => defineProvider({ ...definition, name: name as string }));
      expect(error).toMatchObject({ name: "ConfigError", code: "ERR_OPTION_INVALID" });
      expect(error.message).toContain("name must be");
    },
  );

  test.each([
    ["type", { type: "" }],
    ["type", { type: 5 }],
    ["id", { id: "data..id" }],
    ["id", { id: null }],
    ["payload", { payload: ".data" }],
    ["maxBodyBytes", { maxBodyBytes: 0 }],
    ["maxBodyBytes", { maxBodyBytes: "1mb" }],
    ["retryHorizonMs", { retryHorizonMs: Number.NaN }],
    ["occurredAt.at", { occurredAt: {} }],
    ["occurredAt.at", { occurredAt: { at: "at." } }],
    ["occurredAt.unit", { occurredAt: { at: "at", unit: "s" } }],
    ['events["a"]', { events: { a: { parse: () => 1 } } }],
    ['events["a"]', { events: { a: undefined } }],
  ])("with the wrong %s of %j", (name, change: object) => {
    const error = thrownBy(() => defineProvider({ ...definition, ...change }));
    expect(error).toMatchObject({ name: "ConfigError", code: "ERR_OPTION_INVALID" });
    expect(error.message).toContain(`defineProvider: ${name} must be`);
  });

  test("by the receiver, when it has no scheme or a field for JSON without its media types", () => {
    for (const change of [{ scheme: undefined }, { jsonField: "payload" }, { jsonField: "" }]) {
      // What a program without types hands over.
      const provider = defineProvider({ ...definition, ...change } as ProviderDefinition);
      expect(thrownBy(() => createReceiver({ provider })).code).toBe("ERR_OPTION_INVALID");
    }
  });
});

test("a delivery without the scheme's header is refused with no byte read", async () => {
  const source = { start: () => expect.unreachable("It was read."), stop: () => {} };
  const receiver = createReceiver({ provider: define(), onOutcome: () => {} });
  const headers = { "content-type": "application/json" };
  const { error } = await receiver.receive(toIncomingDelivery({ headers, body: source }));
  expect(error?.code).toBe("ERR_SIGNATURE_MISSING");
});
