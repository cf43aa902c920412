import { expect, test, vi } from "vitest";

import type { Diagnosis } from "./diagnosis.ts";
import { RejectedError } from "./errors.ts";
import type { Scheme } from "./scheme.ts";
import { orderPaid, shop, shopDelivery } from "./test-support/test-provider.ts";
import { testReceiver } from "./test-support/test-receiver.ts";

const changed = () => shopDelivery(orderPaid(), { body: Buffer.from(`${JSON.stringify(orderPaid())}\n`) });

function receiverWith(scheme: Partial<Scheme>) {
  const refuse = (): never => {
    throw new RejectedError("ERR_SIGNATURE_MISMATCH", "It does not fit.");
  };
  return testReceiver({ provider: shop({ scheme: { headers: [], verify: refuse, ...scheme } }) }).receiver;
}

test("a refused delivery explains itself, in its result and in its report", async () => {
  const { receiver, reports } = testReceiver();
  const result = await receiver.receive(changed());
  expect(result.outcome).toBe("rejected");
  expect(await result.explain?.()).toMatchObject({ cause: "body-line-endings" });
  expect(await reports[0]?.explain?.()).toBe(await result.explain?.());
  expect(JSON.stringify(result.reply)).not.toContain("line");
});

test("nothing else has an explanation", async () => {
  const { receiver, reports } = testReceiver();
  receiver.on("order.paid", ({ id }) => {
    if (id === "evt_2") throw new Error("no stock");
  });
  const bodies = [orderPaid(), orderPaid(), orderPaid("evt_2"), { id: "evt_3", type: "other" }];
  const results = [];
  for (const body of bodies) results.push(await receiver.receive(shopDelivery(body)));
  expect(results.map(({ outcome }) => outcome)).toEqual(["handled", "duplicate", "failed", "ignored"]);
  for (const told of [...results, ...reports]) expect(told).not.toHaveProperty("explain");
});

test("the cause is looked for only when somebody asks, once, as of the refusal", async () => {
  const explain = vi.fn<NonNullable<Scheme["explain"]>>(() => ({ cause: "body-bom", message: "It has a mark." }));
  const { receiver, clock } = testReceiver({
    provider: shop({ scheme: { ...shop().scheme, explain } }),
  });
  const refusedAtMs = clock.nowMs();
  const result = await receiver.receive(changed());
  expect(explain).not.toHaveBeenCalled();
  await clock.advance(60_000);
  expect(await result.explain?.()).toEqual({ cause: "body-bom", message: "It has a mark." });
  await result.explain?.();
  expect(explain).toHaveBeenCalledTimes(1);
  expect(explain.mock.calls[0]?.[1]).toBe(refusedAtMs);
});

test("a delivery refused before its body was read is explained by its headers", async () => {
  const { receiver } = testReceiver();
  const headers = { "x-shop-signature": undefined, HTTP_X_SHOP_SIGNATURE: "ab" };
  const result = await receiver.receive(shopDelivery(orderPaid(), { headers }));
  expect(result.error?.code).toBe("ERR_SIGNATURE_MISSING");
  expect(await result.explain?.()).toMatchObject({
    cause: "header-renamed",
    message: expect.stringContaining("http_x_shop_signature"),
  });
});

test.each([
  ["a method", shopDelivery(orderPaid(), { method: "GET" }), "ERR_METHOD_NOT_ALLOWED"],
  ["a repeated header", shopDelivery("{}", { headers: { "x-shop-signature": ["a", "b"] } }), "ERR_HEADER_REPEATED"],
  ["a body that was signed", shopDelivery("no JSON"), "ERR_BODY_MALFORMED"],
])("a delivery refused for %s says that it is not the signature", async (_what, delivery, code) => {
  const { receiver } = testReceiver();
  const diagnosis = await (await receiver.receive(delivery)).explain?.();
  expect(diagnosis?.cause).toBe("unknown");
  expect(diagnosis?.message).toContain(code);
  expect(diagnosis?.message).toContain("the signature has nothing to do with it");
});

const odd: readonly (readonly [string, Scheme["explain"], string])[] = [
  ["throws", () => thrown(), "looking for the cause failed"],
  ["rejects", () => Promise.reject(new Error("secret 4711")), "looking for the cause failed"],
  ["has nothing to say", () => undefined, "the scheme found no cause"],
  // What a scheme in JavaScript may answer.
  ["answers an unknown cause", () => ({ cause: "magic", message: "4711" }) as unknown as Diagnosis, "found no cause"],
  ["answers no text", () => ({ cause: "body-bom", message: 4711 }) as unknown as Diagnosis, "found no cause"],
  ["answers null", () => null as unknown as Diagnosis, "found no cause"],
];

function thrown(): never {
  throw new Error("secret 4711");
}

test.each(odd)("a scheme of somebody else that %s harms nothing", async (_what, explain, says) => {
  const result = await receiverWith(explain === undefined ? {} : { explain }).receive(changed());
  const diagnosis = await result.explain?.();
  expect(diagnosis).toMatchObject({ cause: "unknown", message: expect.stringContaining(says) });
  expect(diagnosis?.message).not.toContain("4711");
});

test("a scheme that cannot explain, and one that hangs, are said to be so", async () => {
  const mute = await receiverWith({}).receive(changed());
  expect((await mute.explain?.())?.message).toContain("this scheme cannot look further");

  const refuse = (): never => {
    throw new RejectedError("ERR_SIGNATURE_MISMATCH", "It does not fit.");
  };
  const hanging: Scheme = { headers: [], verify: refuse, explain: () => new Promise<undefined>(() => {}) };
  const { receiver, clock } = testReceiver({ provider: shop({ scheme: hanging }) });
  const waiting = (await receiver.receive(changed())).explain?.();
  await clock.advance(5_000);
  expect((await waiting)?.message).toContain("looking for the cause failed");
});

test("what a scheme says is one line, and nothing stands beside it", async () => {
  const answer = { cause: "body-bom", message: `a\n[hooklatch] b${"c".repeat(9_000)}`, body: "4711" } as const;
  const diagnosis = await (await receiverWith({ explain: () => answer }).receive(changed())).explain?.();
  expect(Object.keys(diagnosis ?? {})).toEqual(["cause", "message"]);
  expect(diagnosis?.message).not.toContain("\n");
  expect(diagnosis?.message.length).toBeLessThan(700);
});
