import { createReceiver } from "@hooklatch/core";
import { toKoa } from "@hooklatch/koa";
import type { KoaContext } from "@hooklatch/koa";
import { chip } from "@hooklatch/providers/chip";
import type { Router, RouterMiddleware } from "@koa/router";
import type * as Koa3 from "koa";
import type * as Koa2 from "koa2";
import { expectTypeOf, test } from "vitest";

test("toKoa() makes a middleware of Koa 3 and of Koa 2", () => {
  expectTypeOf(toKoa).returns.toExtend<Koa3.Middleware>();
  expectTypeOf(toKoa).returns.toExtend<Koa2.Middleware>();
});

test("toKoa() makes a handler for routes of @koa/router", () => {
  expectTypeOf(toKoa).returns.toExtend<RouterMiddleware>();
});

test("the context of either major has what the adapter takes from it", () => {
  // Koa's own contexts answer to every name, so the parts without that are compared.
  expectTypeOf<Koa3.ExtendableContext>().toExtend<KoaContext>();
  expectTypeOf<Koa2.ExtendableContext>().toExtend<KoaContext>();
});

test("toKoa() takes the receiver of any provider", () => {
  const payments = createReceiver({ provider: chip({ publicKey: "" }) });
  expectTypeOf(payments).toExtend<Parameters<typeof toKoa>[0]>();
  // @ts-expect-error a provider is no receiver
  toKoa(payments.provider);
});

test("an app of either mounts a receiver as it is written in the docs", () => {
  const handler = toKoa(createReceiver({ provider: chip({ publicKey: "" }) }));
  const mount = (app3: Koa3, app2: Koa2, router: Router): void => {
    app3.use(handler);
    app2.use(handler);
    router.post("/webhooks/chip", handler);
    router.all("/webhooks/chip", handler);
  };
  expectTypeOf(mount).toBeFunction();
});
