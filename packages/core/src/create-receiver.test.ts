import diagnostics from "node:diagnostics_channel";
import { describe, expect, test, vi } from "vitest";

import { createReceiver } from "./create-receiver.ts";
import { outcomeChannelName } from "./observe.ts";
import type { Around } from "./receiver.ts";
import type { Result } from "./reply.ts";
import { refusalOf, thrownBy } from "./test-support/caught.ts";
import { settled } from "./test-support/test-clock.ts";
import { orderPaid, shop, shopDelivery } from "./test-support/test-provider.ts";
import type { ShopEvents } from "./test-support/test-provider.ts";
import { testReceiver } from "./test-support/test-receiver.ts";
import { TestSource } from "./test-support/test-source.ts";

const summary = ({ outcome, reply, error }: Result): string =>
  `${outcome} ${reply.status}${error === undefined ? "" : ` ${error.code}`}`;

test("tells its provider and its endpoint", () => {
  const provider = shop();
  expect(testReceiver({ provider }).receiver).toMatchObject({ provider, endpoint: "default" });
  expect(testReceiver({ endpoint: "eu" }).receiver.endpoint).toBe("eu");
});

test("refuses bad options, patterns and functions at once", () => {
  const { receiver } = testReceiver();
  expect(thrownBy(() => testReceiver({ maxInFlight: 0 })).message).toContain("maxInFlight");
  // @ts-expect-error no such event
  expect(thrownBy(() => receiver.on("order.lost", () => {}).on("or*", () => {})).code).toBe("ERR_PATTERN_INVALID");
  const notAFunction = {} as Around<ShopEvents>; // what a program without types hands over
  expect(thrownBy(() => receiver.use(notAFunction))).toMatchObject({ code: "ERR_OPTION_INVALID", status: 500 });
});

test("runs the handlers that match in the order they were registered, inside what use was given", async () => {
  const { receiver } = testReceiver();
  const log: string[] = [];
  const same = receiver
    .use(async (event, _context, next) => {
      log.push(`in ${event.type}`);
      await next();
      log.push("out");
    })
    .on("*", () => void log.push("*"))
    .on("order.refunded", () => void log.push("order.refunded"))
    .on("order.paid", { name: "fulfil" }, ({ payload }) => void log.push(`fulfil ${payload.total}`))
    .on("order.*", async () => void log.push("order.*"));
  expect(same).toBe(receiver);
  expect(summary(await receiver.receive(shopDelivery(orderPaid())))).toBe("handled 200");
  expect(log).toEqual([
    "in order.paid",
    "*",
    "out",
    "in order.paid",
    "fulfil 4200",
    "out",
    "in order.paid",
    "order.*",
    "out",
  ]);
});

test("keeps two endpoints of one provider and one store apart", async () => {
  const { receiver, store, clock } = testReceiver({ endpoint: "eu" });
  const other = createReceiver<ShopEvents>({ provider: shop(), endpoint: "us", store, clock });
  const seen: string[] = [];
  receiver.on("*", () => void seen.push("eu"));
  other.on("*", () => void seen.push("us"));
  for (const one of [receiver, other, receiver, other]) await one.receive(shopDelivery(orderPaid()));
  expect(seen).toEqual(["eu", "us"]);
});

describe("deliveries that are under way", () => {
  /** Deliveries whose handlers wait until the test lets them go. */
  function waiting(options: Parameters<typeof testReceiver>[0] = {}) {
    const made = testReceiver(options);
    const gate = Promise.withResolvers<void>();
    made.receiver.on("*", () => gate.promise);
    const send = (id: string): Promise<Result> => made.receiver.receive(shopDelivery(orderPaid(id)));
    return { ...made, gate, send };
  }

  test("are as many as maxInFlight; one more is asked to come back, and its body is not read", async () => {
    const { receiver, gate, send } = waiting({ maxInFlight: 2 });
    const running = [send("a"), send("b")];
    await settled();
    const source = new TestSource();
    const refused = await receiver.receive(shopDelivery(orderPaid("c"), { body: source }));
    expect(summary(refused)).toBe("unavailable 503 ERR_OVERLOADED");
    expect(refused.reply.headers["retry-after"]).toBe("5");
    expect(source.starts).toBe(0);
    gate.resolve();
    expect((await Promise.all(running)).map(summary)).toEqual(["handled 200", "handled 200"]);
    expect(summary(await send("c"))).toBe("handled 200");
  });

  test("are not shut out by senders that open connections and say nothing", async () => {
    const { receiver } = testReceiver({ maxInFlight: 3 });
    receiver.on("*", () => {});
    const silent = Array.from({ length: 50 }, () => new TestSource());
    const refused = silent.map((body) => receiver.receive(shopDelivery(orderPaid(), { body })));
    expect(summary(await receiver.receive(shopDelivery(orderPaid())))).toBe("handled 200");
    const body = new TestSource();
    const good = receiver.receive(shopDelivery(orderPaid("b"), { body }));
    body.chunk(JSON.stringify(orderPaid("b")));
    body.end();
    expect(summary(await good)).toBe("handled 200");
    expect(summary(await Promise.race(refused))).toBe("unavailable 503 ERR_OVERLOADED");
  });

  test("are not held without limit while a scheme cannot decide", async () => {
    const hanging = { headers: [], verify: () => new Promise<never>(() => {}) };
    const { receiver, clock } = testReceiver({ provider: shop({ scheme: hanging }), maxInFlight: 3 });
    const held = Array.from({ length: 10 }, () => receiver.receive(shopDelivery(orderPaid())));
    const early = await Promise.all(held.slice(0, 7));
    expect(new Set(early.map(summary))).toEqual(new Set(["unavailable 503 ERR_OVERLOADED"]));
    await clock.advance(15_000);
    const late = await Promise.all(held.slice(7));
    expect(new Set(late.map(summary))).toEqual(new Set(["unavailable 503 ERR_KEY_SOURCE_UNAVAILABLE"]));
  });

  test("leave their place whatever becomes of them", async () => {
    const { receiver } = testReceiver({ maxInFlight: 1 });
    receiver.on("*", () => {
      throw new Error("boom");
    });
    for (const delivery of [
      shopDelivery("["),
      shopDelivery(orderPaid(), { method: "GET" }),
      shopDelivery(orderPaid()),
    ]) {
      expect(summary(await receiver.receive(delivery))).not.toContain("ERR_OVERLOADED");
    }
    expect(summary(await receiver.receive(shopDelivery(orderPaid())))).toBe("failed 500 ERR_HANDLER_FAILED");
  });

  test("are waited for by close, while new ones are refused", async () => {
    const { receiver, gate, send } = waiting();
    const running = send("a");
    await settled();
    const log: string[] = [];
    const closing = receiver.close().then(() => log.push("closed"));
    const refused = await send("b");
    expect(summary(refused)).toBe("unavailable 503 ERR_RECEIVER_CLOSED");
    await settled();
    expect(log).toEqual([]);
    gate.resolve();
    expect(summary(await running)).toBe("handled 200");
    await closing;
    expect(log).toEqual(["closed"]);
  });

  test("are waited for by every call of close", async () => {
    const { receiver, gate, send } = waiting();
    void send("a");
    await settled();
    const closed: string[] = [];
    const both = ["one", "other"].map(async (name) => {
      await receiver.close();
      closed.push(name);
    });
    await settled();
    expect(closed).toEqual([]);
    gate.resolve();
    await Promise.all(both);
    expect(closed).toEqual(["one", "other"]);
  });

  test("do not keep close waiting for ever: a handler that hangs has its time, no more", async () => {
    const { receiver, clock, send } = waiting({ handlerTimeoutMs: 1000 });
    void send("a");
    await settled();
    let isClosed = false;
    const closing = receiver.close().then(() => (isClosed = true));
    await clock.advance(999);
    expect(isClosed).toBe(false);
    await clock.advance(1);
    await closing;
    expect(clock.timers).toBe(0);
  });

  test("do not keep close waiting for ever: a body that never comes has its time, no more", async () => {
    const { receiver, clock } = testReceiver({ bodyTimeoutMs: 1000 });
    const receiving = receiver.receive(shopDelivery("{}", { body: new TestSource() }));
    const closing = receiver.close();
    await clock.advance(1000);
    expect(summary(await receiving)).toBe("rejected 408 ERR_BODY_TIMEOUT");
    await closing;
  });
});

describe("closing", () => {
  test("leaves a store alone that the app made, and closes its own", async () => {
    let closes = 0;
    const { receiver } = testReceiver({ store: { close: () => void closes++ } });
    await receiver.close();
    expect(closes).toBe(0);

    const own = createReceiver({ provider: shop() });
    own.on("*", () => {});
    await own.receive(shopDelivery(orderPaid()));
    await own.close();
    await own.close();
  });

  test("with nothing under way ends at once", async () => {
    expect(await refusalOf(() => testReceiver().receiver.close())).toBe("nothing");
  });
});

describe("the hook and the channel", () => {
  test("are told once of each delivery, with the time it took on the receiver's clock", async () => {
    const { receiver, clock, reports } = testReceiver();
    receiver.on("*", () => clock.advance(250));
    await receiver.receive(shopDelivery(orderPaid()));
    await receiver.receive(shopDelivery(orderPaid()));
    await receiver.receive(shopDelivery("{}", { headers: { "x-shop-signature": "00" } }));
    expect(reports).toMatchObject([
      { outcome: "handled", status: 200, durationMs: 250, eventId: "evt_1", eventType: "order.paid", attempt: 1 },
      { outcome: "duplicate", status: 200, durationMs: 0, eventId: "evt_1", attempt: undefined },
      { outcome: "rejected", status: 401, code: "ERR_SIGNATURE_MISMATCH", eventId: undefined },
    ]);
  });

  test("are told nothing of a payload, a body or a signature", async () => {
    const published: unknown[] = [];
    const subscriber = (report: unknown): void => void published.push(report);
    diagnostics.subscribe(outcomeChannelName, subscriber);
    const { receiver, reports } = testReceiver();
    receiver.on("order.paid", () => {});
    const body = { ...orderPaid(), data: { total: 41114111 }, note: "41114111" };
    const delivery = shopDelivery(body);
    const [signature = ""] = delivery.headerValues("x-shop-signature");
    await receiver.receive(delivery);
    await receiver.receive(shopDelivery({ ...body, id: null }));
    await receiver.receive(shopDelivery("{41114111"));
    await receiver.receive(shopDelivery("x", { headers: { "x-shop-signature": signature } }));
    diagnostics.unsubscribe(outcomeChannelName, subscriber);
    expect(published).toEqual(reports);
    expect(published).toHaveLength(4);
    const told = reports.map((report) =>
      JSON.stringify({ ...report, stack: report.error?.stack, cause: report.error?.cause }),
    );
    expect(told.join("\n")).not.toContain("41114111");
    expect(told.join("\n")).not.toContain(signature);
  });

  test("cannot change a reply by throwing or rejecting", async () => {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    const thrower = (): never => {
      throw new Error("hook");
    };
    const rejecter = (): unknown => Promise.reject(new Error("hook"));
    for (const onOutcome of [thrower, rejecter]) {
      const { receiver } = testReceiver({ onOutcome });
      receiver.on("*", () => {});
      expect(summary(await receiver.receive(shopDelivery(orderPaid())))).toBe("handled 200");
      await settled();
    }
    expect(warn).toHaveBeenCalledTimes(2);
  });
});

test("says what is missing when it is made of nothing", () => {
  // What a caller without types may do.
  const create = createReceiver as (options?: object) => unknown;
  expect(thrownBy(() => create())).toMatchObject({ name: "ConfigError", code: "ERR_OPTION_INVALID" });
});

test("answers even when it is handed nothing", async () => {
  // What a caller without types may do.
  const receiver = testReceiver().receiver as { receive(incoming?: object): Promise<Result> };
  expect(summary(await receiver.receive())).toBe("failed 500 ERR_INTERNAL");
});
