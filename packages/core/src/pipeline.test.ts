import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { z } from "zod";

import type { IncomingDelivery } from "./delivery.ts";
import type { Result } from "./reply.ts";
import type { Scheme } from "./scheme.ts";
import type { Store } from "./store.ts";
import { settled } from "./test-support/test-clock.ts";
import { orderPaid, shop, shopDelivery } from "./test-support/test-provider.ts";
import { testReceiver } from "./test-support/test-receiver.ts";
import { TestSource } from "./test-support/test-source.ts";

const summary = ({ outcome, reply, error }: Result): string =>
  `${outcome} ${reply.status}${error === undefined ? "" : ` ${error.code}`}`;

/** A store that must not be asked. */
const untouched: Partial<Store> = {
  claim: () => expect.unreachable("The store was asked."),
  settle: () => expect.unreachable("The store was asked."),
};

describe("the order of the steps", () => {
  test.each<readonly [string, Parameters<typeof shopDelivery>[1]]>([
    ["rejected 405 ERR_METHOD_NOT_ALLOWED", { method: "GET" }],
    ["rejected 415 ERR_CONTENT_TYPE_UNSUPPORTED", { headers: { "content-type": "text/html" } }],
    ["rejected 415 ERR_CONTENT_ENCODING_UNSUPPORTED", { headers: { "content-encoding": "gzip" } }],
    ["rejected 413 ERR_BODY_TOO_LARGE", { headers: { "content-length": "100001" } }],
    ["rejected 400 ERR_CONTENT_LENGTH_INVALID", { headers: { "content-length": "many" } }],
    ["rejected 401 ERR_SIGNATURE_MISSING", { headers: { "x-shop-signature": undefined } }],
    ["rejected 400 ERR_HEADER_REPEATED", { headers: { "x-shop-signature": ["00", "00"] } }],
  ])("%s comes before a byte is read", async (expected, changes) => {
    const { receiver, clock } = testReceiver({ store: untouched });
    receiver.on("*", () => expect.unreachable());
    const source = new TestSource();
    expect(summary(await receiver.receive(shopDelivery(orderPaid(), { ...changes, body: source })))).toBe(expected);
    expect(source.starts).toBe(0);
    expect(clock.timers).toBe(0);
  });

  test("reads once, then verifies, before anything is decoded", async () => {
    const { receiver } = testReceiver({ store: untouched });
    const source = new TestSource();
    const receiving = receiver.receive(shopDelivery("{}", { body: source }));
    source.chunk("[broken \u00ff");
    source.end();
    expect(summary(await receiving)).toBe("rejected 401 ERR_SIGNATURE_MISMATCH");
    expect(source).toMatchObject({ starts: 1, stops: 0 });
  });

  test("lets no forged delivery claim a victim's event", async () => {
    const { receiver } = testReceiver();
    const seen: string[] = [];
    receiver.on("*", ({ id }) => void seen.push(id));
    const forged = shopDelivery(orderPaid("evt_9", 1), { headers: { "x-shop-signature": "00".repeat(32) } });
    expect(summary(await receiver.receive(forged))).toBe("rejected 401 ERR_SIGNATURE_MISMATCH");
    expect(summary(await receiver.receive(shopDelivery(orderPaid("evt_9"))))).toBe("handled 200");
    expect(seen).toEqual(["evt_9"]);
  });

  test.each([
    ['"str"', "rejected 400 ERR_BODY_NOT_OBJECT"],
    ["null", "rejected 400 ERR_BODY_NOT_OBJECT"],
    ["[]", "rejected 400 ERR_BODY_NOT_OBJECT"],
    ["1", "rejected 400 ERR_BODY_NOT_OBJECT"],
    ["", "rejected 400 ERR_BODY_MALFORMED"],
    ["{", "rejected 400 ERR_BODY_MALFORMED"],
    ["[".repeat(90_000), "rejected 400 ERR_BODY_MALFORMED"],
    [Buffer.from("7b22ff227d", "hex"), "rejected 400 ERR_BODY_NOT_UTF8"],
    ['{"type":"order.paid"}', "rejected 400 ERR_EVENT_ID_INVALID"],
    ['{"id":1,"type":["order.paid"]}', "rejected 400 ERR_EVENT_TYPE_INVALID"],
  ])("refuses %j after it was verified and before it is claimed", async (body, expected) => {
    const { receiver } = testReceiver({ store: untouched });
    receiver.on("*", () => expect.unreachable());
    expect(summary(await receiver.receive(shopDelivery(body)))).toBe(expected);
  });

  test("says that a body was consumed as the app's own mistake", async () => {
    const { receiver } = testReceiver({ store: untouched });
    const result = await receiver.receive(shopDelivery("{}", { body: { consumed: "Move line 7." } }));
    expect(summary(result)).toBe("failed 500 ERR_BODY_CONSUMED");
    expect(result.error?.help).toContain("Move line 7.");
  });
});

describe("a result", () => {
  test("of a handled event has the event and the attempt", async () => {
    const { receiver } = testReceiver();
    receiver.on("order.paid", () => {});
    expect(await receiver.receive(shopDelivery(orderPaid()))).toEqual({
      outcome: "handled",
      reply: { status: 200, headers: { "content-type": "application/json" }, body: '{"outcome":"handled"}' },
      event: { id: "evt_1", type: "order.paid", payload: { total: 4200 } },
      attempt: 1,
    });
  });

  test("of an event that nobody handles is ignored and not claimed, so that a later handler gets it", async () => {
    const { receiver } = testReceiver();
    receiver.on("customer.*", () => expect.unreachable());
    expect(summary(await receiver.receive(shopDelivery(orderPaid())))).toBe("ignored 200");
    receiver.on("order.paid", () => {});
    expect(summary(await receiver.receive(shopDelivery(orderPaid())))).toBe("handled 200");
  });

  test.each(["constructor", "__proto__", "toString", "hasOwnProperty"])(
    "of the type %s is ignored like any unknown type",
    async (type) => {
      const { receiver } = testReceiver({ provider: shop({ schemas: {} }) });
      receiver.on("order.*", () => expect.unreachable());
      expect(summary(await receiver.receive(shopDelivery({ ...orderPaid(), type })))).toBe("ignored 200");
    },
  );

  test("tells that the same id came with another body, and keeps the first", async () => {
    const { receiver, reports } = testReceiver();
    const totals: number[] = [];
    receiver.on("order.paid", ({ payload }) => void totals.push(payload.total));
    await receiver.receive(shopDelivery(orderPaid("evt_1", 1)));
    expect(await receiver.receive(shopDelivery(orderPaid("evt_1", 2)))).toMatchObject({
      outcome: "duplicate",
      conflict: true,
    });
    expect(await receiver.receive(shopDelivery(orderPaid("evt_1", 1)))).not.toHaveProperty("conflict");
    expect(totals).toEqual([1]);
    expect(reports.map(({ conflict }) => conflict)).toEqual([false, true, false]);
  });

  test("of a handshake is the provider's answer, after the signature only, and nothing is claimed", async () => {
    const answer = { status: 200, headers: { "content-type": "text/plain" }, body: "c4a11e" };
    for (const handshake of [() => answer, async () => answer]) {
      const { receiver } = testReceiver({ provider: shop({ handshake }), store: untouched });
      expect(await receiver.receive(shopDelivery({}))).toEqual({ outcome: "handled", reply: answer });
      const forged = shopDelivery({}, { headers: { "x-shop-signature": "00" } });
      expect(summary(await receiver.receive(forged))).toBe("rejected 401 ERR_SIGNATURE_MISMATCH");
    }
  });
});

describe("never rejects:", () => {
  const scheme = (verify: Scheme["verify"]): Scheme => ({ headers: [], verify });
  const odd = (): never => {
    throw new Error("odd");
  };

  test.each<readonly [string, Parameters<typeof testReceiver>[0], Partial<IncomingDelivery>, string]>([
    ["a scheme that throws", { provider: shop({ scheme: scheme(odd) }) }, {}, "rejected 401 ERR_SCHEME_FAULTY"],
    [
      "a scheme that rejects",
      { provider: shop({ scheme: scheme(async () => odd()) }) },
      {},
      "rejected 401 ERR_SCHEME_FAULTY",
    ],
    ["a provider that throws", { provider: shop({ describe: odd }) }, {}, "rejected 400 ERR_EVENT_UNREADABLE"],
    ["a handshake that throws", { provider: shop({ handshake: odd }) }, {}, "rejected 400 ERR_EVENT_UNREADABLE"],
    ["a store that throws", { store: { claim: odd } }, {}, "unavailable 503 ERR_STORE_UNAVAILABLE"],
    ["an adapter whose headers throw", {}, { headerValues: odd }, "failed 500 ERR_INTERNAL"],
    ["an adapter whose body throws", {}, { body: { start: odd, stop: odd } }, "failed 500 ERR_INTERNAL"],
  ])("%s", async (_what, options, changes, expected) => {
    const { receiver, clock } = testReceiver(options);
    receiver.on("*", () => {});
    const result = await receiver.receive({ ...shopDelivery(orderPaid()), ...changes });
    expect(summary(result)).toBe(expected);
    expect(result.reply.body).not.toContain("odd");
    expect(clock.timers).toBe(0);
  });
});

describe("schemas", () => {
  test.each([
    ["zod", z.object({ total: z.number().max(10) })],
    [
      "valibot",
      v.objectAsync({
        total: v.pipeAsync(
          v.number(),
          v.maxValue(10),
          v.checkAsync(async () => true),
        ),
      }),
    ],
  ])("of %s refuse a payload before it is claimed; mended, the redelivery is handled", async (_library, schema) => {
    const { receiver } = testReceiver();
    let isRun = false;
    receiver.on("*", () => (isRun = true)).on("order.paid", { schema }, () => {});
    const result = await receiver.receive(shopDelivery(orderPaid("evt_1", 4200)));
    expect(summary(result)).toBe("invalid 500 ERR_PAYLOAD_INVALID");
    expect(result.event?.id).toBe("evt_1");
    expect(isRun).toBe(false);
    expect(summary(await receiver.receive(shopDelivery(orderPaid("evt_1", 7))))).toBe("handled 200");
  });

  test("of the provider and of a handler are applied one after the other", async () => {
    const provider = shop({
      schemas: { "order.paid": z.object({ total: z.number().transform((total) => total / 100) }) },
    });
    const { receiver } = testReceiver({ provider });
    const seen: unknown[] = [];
    receiver.on(
      "order.paid",
      { schema: z.object({ total: z.number().transform(String) }) },
      ({ payload }) => void seen.push(payload),
    );
    receiver.on("*", ({ payload }) => void seen.push(payload));
    await receiver.receive(shopDelivery(orderPaid()));
    expect(seen).toEqual([{ total: "42" }, { total: 42 }]);
  });

  test("that never answer are given up when handlers would be, and close ends", async () => {
    const { receiver, clock } = testReceiver({ handlerTimeoutMs: 1000 });
    const schema = z.unknown().refine(() => new Promise<boolean>(() => {}));
    receiver.on("order.paid", { schema }, () => expect.unreachable());
    const receiving = receiver.receive(shopDelivery(orderPaid()));
    await settled();
    const closing = receiver.close();
    await clock.advance(1000);
    expect(summary(await receiving)).toBe("failed 500 ERR_HANDLER_TIMEOUT");
    await closing;
  });
});

test("a scheme that never answers is given up after 15 seconds, and close ends", async () => {
  const scheme: Scheme = { headers: [], verify: () => new Promise(() => {}) };
  const { receiver, clock } = testReceiver({ provider: shop({ scheme }) });
  const receiving = receiver.receive(shopDelivery(orderPaid()));
  await settled();
  const closing = receiver.close();
  await clock.advance(15_000);
  expect(summary(await receiving)).toBe("unavailable 503 ERR_KEY_SOURCE_UNAVAILABLE");
  await closing;
});
