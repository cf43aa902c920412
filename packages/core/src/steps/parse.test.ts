import { describe, expect, test } from "vitest";

import type { Delivery } from "../delivery.ts";
import { BackendError, RejectedError } from "../errors.ts";
import { toDelivery } from "../incoming-delivery.ts";
import type { EventDescription, Provider } from "../provider.ts";
import { refusalOf, thrownBy } from "../test-support/caught.ts";
import { orderPaid, shop, shopDelivery } from "../test-support/test-provider.ts";
import type { ShopEvents } from "../test-support/test-provider.ts";
import { parse } from "./parse.ts";

function deliveryOf(body: unknown): Delivery {
  const bytes = body instanceof Uint8Array ? body : Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  return toDelivery(shopDelivery(bytes), bytes, 0);
}

const describing = (description: unknown): Provider<ShopEvents> =>
  shop({ describe: () => description as EventDescription }); // what a provider without types may answer

const good: EventDescription = { id: "evt_1", type: "order.paid", payload: { total: 1 } };
const refusal = (description: unknown): Promise<string> =>
  refusalOf(() => parse(deliveryOf({}), describing(description)));

test("makes an event of a JSON body", () => {
  expect(parse(deliveryOf(orderPaid()), shop())).toEqual({
    event: { id: "evt_1", type: "order.paid", payload: { total: 4200 } },
  });
});

test("makes an event of a form", () => {
  const form = shop({
    body: "form",
    describe: (body) => ({ id: body["id"], type: body["type"], payload: body["data"] }),
  });
  const text = "id=WHE-1&type=order.paid&data%5Btotal%5D=4200";
  expect(parse(deliveryOf(text), form)).toEqual({
    event: { id: "WHE-1", type: "order.paid", payload: { total: "4200" } },
  });
});

test("makes an event of JSON in the one field of a form, and of the same JSON by itself", () => {
  const either = shop({ jsonField: "payload" });
  const event = parse(deliveryOf(orderPaid()), either);
  expect(parse(deliveryOf(`payload=${encodeURIComponent(JSON.stringify(orderPaid()))}`), either)).toEqual(event);
});

test("reads nothing out of a form that stands within a JSON body", async () => {
  const either = shop({ jsonField: "payload" });
  const forged = encodeURIComponent(JSON.stringify({ ...orderPaid(), id: "evt_forged" }));
  const text = JSON.stringify({ ...orderPaid(), note: `&payload=${forged}&` });
  expect(parse(deliveryOf(text), either)).toMatchObject({ event: { id: "evt_1" } });
  const form = `payload=${encodeURIComponent(JSON.stringify(orderPaid()))}&payload=${forged}`;
  expect(await refusalOf(() => parse(deliveryOf(form), either))).toBe("ERR_BODY_MALFORMED 400");
});

test("hands the provider the body and the delivery", () => {
  const delivery = deliveryOf({ a: 1 });
  const seen: unknown[] = [];
  const provider = shop({
    describe(...args) {
      seen.push(...args);
      return good;
    },
  });
  void parse(delivery, provider);
  expect(seen).toEqual([{ a: 1 }, delivery]);
});

describe("a body that is signed and still no event is refused:", () => {
  test.each([
    ["a string", '"str"', "ERR_BODY_NOT_OBJECT 400"],
    ["null", "null", "ERR_BODY_NOT_OBJECT 400"],
    ["a list", "[]", "ERR_BODY_NOT_OBJECT 400"],
    ["a number", "1", "ERR_BODY_NOT_OBJECT 400"],
    ["nothing", "", "ERR_BODY_MALFORMED 400"],
    ["broken JSON", "{", "ERR_BODY_MALFORMED 400"],
    ["a byte that is not UTF-8", Buffer.from("7bff7d", "hex"), "ERR_BODY_NOT_UTF8 400"],
    ["an object without an id", '{"type":"order.paid"}', "ERR_EVENT_ID_INVALID 400"],
    ["an object without a type", '{"id":1}', "ERR_EVENT_TYPE_INVALID 400"],
  ])("%s", async (_what, body, code) => {
    expect(await refusalOf(() => parse(deliveryOf(body), shop()))).toBe(code);
  });
});

test("reads a body behind a byte order mark", () => {
  const body = Buffer.concat([Buffer.from("efbbbf", "hex"), Buffer.from(JSON.stringify(orderPaid()))]);
  expect(parse(deliveryOf(body), shop())).toHaveProperty("event.id", "evt_1");
});

test.each([undefined, null, "", " \n", 7, {}, ["order.paid"], "a\uD83D"])("refuses the type %j", async (type) => {
  expect(await refusal({ ...good, type })).toBe("ERR_EVENT_TYPE_INVALID 400");
});

test.each([undefined, null, "", "  ", 1.5, Number.NaN, 2 ** 53, true, {}, ["a"], "a\uDE00"])(
  "refuses the id %j",
  async (id) => {
    expect(await refusal({ ...good, id })).toBe("ERR_EVENT_ID_INVALID 400");
  },
);

test.each(["constructor", "__proto__", "toString", "a.*", "*", "x\ny"])(
  "takes the type %j for text like any other",
  (type) => {
    expect(parse(deliveryOf({}), describing({ ...good, type }))).toHaveProperty("event.type", type);
  },
);

describe("when it happened", () => {
  test("is told in ISO 8601", () => {
    const message = parse(deliveryOf({}), describing({ ...good, occurredAtMs: 0 }));
    expect(message).toHaveProperty("event.occurredAt", "1970-01-01T00:00:00.000Z");
  });

  test.each([undefined, Number.NaN, Number.POSITIVE_INFINITY, 8.64e15 + 1, -1e300])(
    "is left out for %j",
    (occurredAtMs) => {
      expect(parse(deliveryOf({}), describing({ ...good, occurredAtMs }))).toEqual({ event: good });
    },
  );
});

describe("how long the id stands for the event", () => {
  test("is passed on beside the event and is no part of it", () => {
    const message = parse(deliveryOf({}), describing({ ...good, keepMs: 60_000 }));
    expect(message).toEqual({ event: good, keepMs: 60_000 });
  });

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, "60000", null])(
    "is refused when it is %j",
    async (keepMs) => {
      expect(await refusal({ ...good, keepMs })).toBe("ERR_EVENT_UNREADABLE 400");
    },
  );
});

describe("a provider that cannot read a body", () => {
  test.each([
    [
      "throws",
      () => {
        throw new TypeError("Cannot read properties of undefined (reading 's3cr3t')");
      },
    ],
    [
      "throws no error",
      () => {
        throw "no";
      },
    ],
    ["describes nothing", () => undefined],
    ["describes null", () => null],
  ])("because it %s: the delivery is refused and nothing is quoted", async (_what, describeIt: () => unknown) => {
    const provider = shop({ describe: describeIt as () => EventDescription }); // a provider with a bug
    expect(await refusalOf(() => parse(deliveryOf({}), provider))).toBe("ERR_EVENT_UNREADABLE 400");
    const error = thrownBy(() => parse(deliveryOf({}), provider));
    expect(error.cause).toBeInstanceOf(Error);
    expect(`${error.message} ${error.cause instanceof Error ? error.cause.stack : ""}`).not.toContain("s3cr3t");
  });

  test("may refuse it itself", async () => {
    const provider = shop({
      describe() {
        throw new RejectedError("ERR_EVENT_UNREADABLE", "No object.");
      },
    });
    expect(thrownBy(() => parse(deliveryOf({}), provider)).message).toBe("No object.");
  });
});

test.each([
  ["a line break in a header", { status: 200, headers: { "x-a": "b\r\nset-cookie: c" }, body: "" }],
  ["a header name with a colon", { status: 200, headers: { "x:a": "b" }, body: "" }],
  ["a status that is no success", { status: 500, headers: {}, body: "" }],
  ["a status that is no number", { status: Number.NaN, headers: {}, body: "" }],
])("refuses a handshake's reply with %s", async (_what, answer) => {
  const provider = shop({ handshake: () => answer });
  expect(await refusalOf(() => parse(deliveryOf({ type: "ping" }), provider))).toBe("ERR_EVENT_UNREADABLE 400");
});

describe("a handshake", () => {
  const reply = { status: 200, headers: {}, body: "challenge" };
  const provider = shop({ handshake: (body) => (body["type"] === "ping" ? reply : undefined) });

  test("is answered in place of an event", () => {
    expect(parse(deliveryOf({ type: "ping" }), provider)).toEqual({ handshake: reply });
  });

  test("is not seen in other deliveries", () => {
    expect(parse(deliveryOf(orderPaid()), provider)).toHaveProperty("event.type", "order.paid");
  });

  test("may take its time, and is then answered or found to be an event in the same way", async () => {
    const later = shop({ handshake: async (body) => provider.handshake?.(body, deliveryOf(body)) });
    expect(await parse(deliveryOf({ type: "ping" }), later)).toEqual({ handshake: reply });
    expect(await parse(deliveryOf(orderPaid()), later)).toHaveProperty("event.type", "order.paid");
  });

  test.each([
    ["for want of something else", new BackendError("ERR_HANDSHAKE_FAILED", "away"), "ERR_HANDSHAKE_FAILED 503"],
    ["by accident", new TypeError("odd"), "ERR_EVENT_UNREADABLE 400"],
  ])("that fails later %s is not answered with success", async (_why, error, code) => {
    expect(await refusalOf(() => parse(deliveryOf({}), shop({ handshake: () => Promise.reject(error) })))).toBe(code);
    const odd = shop({ handshake: async () => ({ ...reply, status: 500 }) });
    expect(await refusalOf(() => parse(deliveryOf({}), odd))).toBe("ERR_EVENT_UNREADABLE 400");
  });
});
