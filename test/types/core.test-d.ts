import { createReceiver, memoryStore, toIncomingDelivery } from "@hooklatch/core";
import type {
  Clock,
  ErrorCode,
  EventOf,
  EventPattern,
  HandlerContext,
  IncomingDelivery,
  KnownEvent,
  Outcome,
  OutcomeReport,
  Provider,
  Receiver,
  Result,
  Scheme,
  Store,
  UnknownEvent,
  WebhookEvent,
} from "@hooklatch/core";
import { ConfigError, RejectedError } from "@hooklatch/core/errors";
import type { BackendError, HandlerError, WebhookError } from "@hooklatch/core/errors";
import { readNodeRequest, writeNodeReply } from "@hooklatch/core/node";
import { hmac, publicKey } from "@hooklatch/core/schemes";
import type { HmacOptions, PublicKeyOptions } from "@hooklatch/core/schemes";
import type { IncomingMessage, ServerResponse } from "node:http";
import * as v from "valibot";
import { expectTypeOf, test } from "vitest";
import { z } from "zod";

interface ShopEvents {
  "order.paid": { readonly total: number };
  "order.line.added": { readonly sku: string };
  "order.line.removed": { readonly sku: string; readonly reason: string };
  ping: null;
}

type OrderEvent =
  | WebhookEvent<"order.paid", { readonly total: number }>
  | WebhookEvent<"order.line.added", { readonly sku: string }>
  | WebhookEvent<"order.line.removed", { readonly sku: string; readonly reason: string }>;

declare const provider: Provider<ShopEvents>;
declare const openProvider: Provider;
const receiver = createReceiver({ provider });

test("a receiver has its provider's event map", () => {
  expectTypeOf(receiver).toEqualTypeOf<Receiver<ShopEvents>>();
});

test("an exact type narrows the payload", () => {
  receiver.on("order.paid", (event, context) => {
    expectTypeOf(event).toEqualTypeOf<WebhookEvent<"order.paid", { readonly total: number }>>();
    expectTypeOf(context).toEqualTypeOf<HandlerContext>();
  });
  receiver.on("ping", ({ payload }) => expectTypeOf(payload).toBeNull());
});

test("a prefix gives the union of what is under it, at any depth", () => {
  receiver.on("order.*", (event) => {
    expectTypeOf(event).toEqualTypeOf<OrderEvent>();
    if (event.type === "order.paid") expectTypeOf(event.payload.total).toBeNumber();
  });
  receiver.on("order.line.*", ({ payload }) => expectTypeOf(payload.sku).toBeString());
});

test("a star gives every known event and those that are not known yet", () => {
  receiver.on("*", (event) => {
    expectTypeOf(event).toEqualTypeOf<KnownEvent<ShopEvents> | UnknownEvent>();
    expectTypeOf(event.type).toExtend<string>();
    // @ts-expect-error nothing is known of the payload of every event
    void event.payload.total;
  });
});

test("a pattern that can match no known event is an error", () => {
  // @ts-expect-error a typing error in a type
  receiver.on("order.payed", () => {});
  // @ts-expect-error no event is under this prefix
  receiver.on("customer.*", () => {});
  // @ts-expect-error nothing is under a whole type
  receiver.on("order.paid.*", () => {});
  // @ts-expect-error a star stands at the end
  receiver.on("*.paid", () => {});
  // @ts-expect-error a prefix ends at a dot
  receiver.on("ord*", () => {});
  // @ts-expect-error with options as without
  receiver.on("order.payed", { name: "fulfil" }, () => {});
  expectTypeOf<EventPattern<ShopEvents>>().toEqualTypeOf<
    "order.paid" | "order.line.added" | "order.line.removed" | "ping" | "order.*" | "order.line.*" | "*"
  >();
});

test("payloads and contexts are read-only", () => {
  receiver.on("order.paid", (event, context) => {
    expectTypeOf(event.id).toBeString();
    // @ts-expect-error an event is not changed
    event.id = "other";
    // @ts-expect-error nor is its context
    context.attempt = 1;
  });
});

test("a handler gets what its schema makes of the payload", () => {
  receiver.on("order.paid", { schema: z.object({ total: z.number().transform(String) }) }, (event) => {
    expectTypeOf(event).toEqualTypeOf<WebhookEvent<"order.paid", { total: string }>>();
  });
  const schema = v.objectAsync({
    total: v.pipeAsync(
      v.number(),
      v.transform((total) => BigInt(total)),
    ),
  });
  receiver.on("order.paid", { schema, name: "fulfil" }, ({ payload }) => expectTypeOf(payload.total).toBeBigInt());
  receiver.on("order.*", { schema: z.object({ at: z.coerce.date() }) }, ({ type, payload }) => {
    expectTypeOf(type).toEqualTypeOf<OrderEvent["type"]>();
    expectTypeOf(payload).toEqualTypeOf<{ at: Date }>();
  });
  receiver.on("*", { schema: z.string() }, ({ payload }) => expectTypeOf(payload).toBeString());
});

test("options without a schema leave the payload as it is", () => {
  receiver.on("order.paid", { name: "fulfil" }, ({ payload }) => expectTypeOf(payload.total).toBeNumber());
  // @ts-expect-error that is no Standard Schema
  receiver.on("order.paid", { schema: { parse: () => 1 } }, () => {});
});

test("a function given to use sees every event, known or not", () => {
  receiver.use((event, context, next) => {
    expectTypeOf(event).toEqualTypeOf<EventOf<ShopEvents, "*">>();
    expectTypeOf(context).toEqualTypeOf<HandlerContext>();
    expectTypeOf(next).toEqualTypeOf<() => Promise<void>>();
    return next();
  });
});

test("handlers may answer anything, at once or later, and calls can be chained", () => {
  const chained = receiver
    .on("*", () => 1)
    .on("*", async () => "x")
    .use((_event, _context, next) => next());
  expectTypeOf(chained).toEqualTypeOf<Receiver<ShopEvents>>();
});

test("a provider without an event map takes any type, and says what it knows of it", () => {
  const open = createReceiver({ provider: openProvider });
  open.on("order.paid", (event) => expectTypeOf(event).toEqualTypeOf<WebhookEvent<"order.paid">>());
  open.on("order.*", ({ id, type, payload }) => {
    expectTypeOf(id).toBeString();
    expectTypeOf(type).toEqualTypeOf<`order.${string}`>();
    expectTypeOf(payload).toBeUnknown();
  });
  open.on("*", ({ type }) => expectTypeOf(type).toExtend<string>());
});

test("an event map may be an interface, a type or a record", () => {
  type Shop = { readonly "order.paid": 1; readonly "order.sent": 2 };
  expectTypeOf<EventOf<Shop, "order.*">["payload"]>().toEqualTypeOf<1 | 2>();
  expectTypeOf<EventOf<Record<"a.b" | "a.c", Date>, "a.*">["type"]>().toEqualTypeOf<"a.b" | "a.c">();
});

test("receive never says less than what became of a delivery", () => {
  expectTypeOf<Receiver["receive"]>().toEqualTypeOf<(incoming: IncomingDelivery) => Promise<Result>>();
  expectTypeOf<Result["outcome"]>().toEqualTypeOf<Outcome>();
  expectTypeOf<Result["error"]>().toEqualTypeOf<WebhookError | undefined>();
  expectTypeOf<OutcomeReport>().not.toHaveProperty("payload");
});

test("error codes are a closed union, and each family has its own", () => {
  expectTypeOf<WebhookError["code"]>().toEqualTypeOf<ErrorCode>();
  expectTypeOf<"ERR_STORE_UNAVAILABLE">().toExtend<BackendError["code"]>();
  expectTypeOf<RejectedError["code"] & BackendError["code"]>().toBeNever();
  expectTypeOf<ErrorCode>().toEqualTypeOf<
    ConfigError["code"] | RejectedError["code"] | HandlerError["code"] | BackendError["code"]
  >();
  // @ts-expect-error a code of another family
  void new RejectedError("ERR_STORE_UNAVAILABLE", "Away.");
  // @ts-expect-error a code that there is not
  void new ConfigError("ERR_NOTHING", "Nothing.");
});

test("things fit by their shape", () => {
  expectTypeOf(memoryStore()).toExtend<Store>();
  expectTypeOf<{
    nowMs: () => number;
    setTimer: (callback: () => void, delayMs: number) => () => void;
  }>().toExtend<Clock>();
  expectTypeOf(hmac).returns.toEqualTypeOf<Scheme>();
  expectTypeOf(publicKey).returns.toEqualTypeOf<Scheme>();
  expectTypeOf(toIncomingDelivery).returns.toEqualTypeOf<IncomingDelivery>();
  expectTypeOf(readNodeRequest).parameter(0).toEqualTypeOf<IncomingMessage>();
  expectTypeOf(writeNodeReply).parameter(1).toEqualTypeOf<ServerResponse>();
  expectTypeOf<{ headers: readonly []; verify: () => boolean }>().not.toExtend<Scheme>();
  expectTypeOf<{ headers: readonly []; verify: () => Promise<void> }>().not.toExtend<Scheme>();
});

test("an adapter can take any receiver", () => {
  expectTypeOf(receiver).toExtend<Pick<Receiver, "receive">>();
  expectTypeOf(createReceiver({ provider: openProvider })).toExtend<Pick<Receiver, "receive">>();
});

test("secrets and keys may be single, several, resolved or any mix, and are never left out", () => {
  type Secrets = HmacOptions["secrets"];
  expectTypeOf<string>().toExtend<Secrets>();
  expectTypeOf<Uint8Array>().toExtend<Secrets>();
  expectTypeOf<readonly [string, () => Promise<readonly Uint8Array[]>]>().toExtend<Secrets>();
  expectTypeOf<undefined>().not.toExtend<Secrets>();
  expectTypeOf<string | undefined>().not.toExtend<Secrets>();
  expectTypeOf<undefined>().not.toExtend<PublicKeyOptions["keys"]>();
  // @ts-expect-error the encoding is not guessed
  hmac({ secrets: "secret", header: "x-sig" });
  // @ts-expect-error the algorithm is not taken from the key
  publicKey({ keys: "pem", header: "x-sig", encoding: "base64" });
});

test("there is no way to skip verification", () => {
  // @ts-expect-error a receiver without a provider, and so without a scheme
  createReceiver({});
  expectTypeOf<Pick<Provider, "scheme">>().toEqualTypeOf<{ readonly scheme: Scheme }>();
});
