import { describe, expect, test } from "vitest";

import type { Result } from "./reply.ts";
import { orderPaid, shop, shopDelivery } from "./test-support/test-provider.ts";
import { testReceiver } from "./test-support/test-receiver.ts";

const bytes = (value: unknown): Uint8Array => Buffer.from(typeof value === "string" ? value : JSON.stringify(value));
const told = ({ outcome, error }: Result): string => `${outcome}${error === undefined ? "" : ` ${error.code}`}`;

describe("a message that was proven by other means", () => {
  test("runs the handlers without asking the scheme, and is reported", async () => {
    const verify = (): never => expect.unreachable();
    const { receiver, reports } = testReceiver({ provider: shop({ scheme: { headers: ["x-never"], verify } }) });
    const seen: unknown[] = [];
    receiver.on("order.paid", (event) => void seen.push(event));
    const { outcome, event } = await receiver.dispatch({ body: bytes(orderPaid("evt_7")) });
    expect(outcome).toBe("handled");
    expect(seen).toEqual([event]);
    expect(reports).toMatchObject([{ outcome: "handled", eventId: "evt_7", eventType: "order.paid", attempt: 1 }]);
  });

  test("shares its event with the deliveries of the same receiver", async () => {
    const { receiver } = testReceiver();
    let runs = 0;
    receiver.on("*", () => void runs++);
    expect(told(await receiver.dispatch({ body: bytes(orderPaid()) }))).toBe("handled");
    expect(told(await receiver.dispatch({ body: bytes(orderPaid()) }))).toBe("duplicate");
    expect(told(await receiver.receive(shopDelivery(orderPaid())))).toBe("duplicate");
    expect(runs).toBe(1);
  });

  test.each([
    ["no JSON", "{", "rejected ERR_BODY_MALFORMED"],
    ["not UTF-8", Buffer.from([0xff]), "rejected ERR_BODY_NOT_UTF8"],
    ["no object", "[]", "rejected ERR_BODY_NOT_OBJECT"],
    ["without an id", { type: "order.paid" }, "rejected ERR_EVENT_ID_INVALID"],
    ["too large", " ".repeat(1001), "rejected ERR_BODY_TOO_LARGE"],
    ["no bytes", undefined, "failed ERR_INTERNAL"],
  ])("that is %s is reported and harms nobody", async (_what, body, expected) => {
    const { receiver, reports } = testReceiver({ maxBodyBytes: 1000 });
    receiver.on("*", () => expect.unreachable());
    // What callers without types may pass.
    const message = body instanceof Uint8Array || body === undefined ? (body as Uint8Array) : bytes(body);
    expect(told(await receiver.dispatch({ body: message }))).toBe(expected);
    expect(reports).toHaveLength(1);
  });

  test.each([undefined, null, 7])(
    "that is %s and no message at all is reported, and close() does not wait for it",
    async (none) => {
      const { receiver, reports } = testReceiver();
      // What callers without types may pass.
      expect(told(await receiver.dispatch(none as never))).toBe("failed ERR_INTERNAL");
      expect(reports).toHaveLength(1);
      await receiver.close();
    },
  );

  test("is ignored where no handler matches, and fails where one does", async () => {
    const { receiver } = testReceiver();
    receiver.on("order.refunded", () => Promise.reject(new Error("boom")));
    expect(told(await receiver.dispatch({ body: bytes(orderPaid()) }))).toBe("ignored");
    const refunded = { ...orderPaid(), type: "order.refunded" };
    expect(told(await receiver.dispatch({ body: bytes(refunded) }))).toBe("failed ERR_HANDLER_FAILED");
  });

  test("is refused while the receiver closes, and waited for when it came before", async () => {
    const { receiver } = testReceiver();
    const gate = Promise.withResolvers<void>();
    receiver.on("*", () => gate.promise);
    const first = receiver.dispatch({ body: bytes(orderPaid()) });
    const closing = receiver.close();
    expect(told(await receiver.dispatch({ body: bytes(orderPaid("evt_2")) }))).toBe("unavailable ERR_RECEIVER_CLOSED");
    gate.resolve();
    await closing;
    expect(told(await first)).toBe("handled");
  });

  test("counts as one of those under way", async () => {
    const { receiver } = testReceiver({ maxInFlight: 1 });
    const gate = Promise.withResolvers<void>();
    receiver.on("*", () => gate.promise);
    const first = receiver.dispatch({ body: bytes(orderPaid()) });
    expect(told(await receiver.dispatch({ body: bytes(orderPaid("evt_2")) }))).toBe("unavailable ERR_OVERLOADED");
    gate.resolve();
    expect(told(await first)).toBe("handled");
  });
});
