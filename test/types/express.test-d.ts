import { createReceiver } from "@hooklatch/core";
import { keepRawBody, toExpress } from "@hooklatch/express";
import { chip } from "@hooklatch/providers/chip";
import type * as express5 from "express";
import type * as express4 from "express4";
import { expectTypeOf, test } from "vitest";

test("toExpress() makes a request handler of Express 5 and of Express 4", () => {
  expectTypeOf(toExpress).returns.toExtend<express5.RequestHandler>();
  expectTypeOf(toExpress).returns.toExtend<express4.RequestHandler>();
});

test("toExpress() takes the receiver of any provider", () => {
  const payments = createReceiver({ provider: chip({ publicKey: "" }) });
  expectTypeOf(payments).toExtend<Parameters<typeof toExpress>[0]>();
  // @ts-expect-error a provider is no receiver
  toExpress(payments.provider);
});

test("keepRawBody fits what the parsers of both ask for", () => {
  type Options5 = NonNullable<Parameters<typeof express5.json>[0]>;
  type Options4 = NonNullable<Parameters<typeof express4.json>[0]>;
  expectTypeOf(keepRawBody).toExtend<NonNullable<Options5["verify"]>>();
  expectTypeOf(keepRawBody).toExtend<NonNullable<Options4["verify"]>>();
});

test("an app of either mounts a receiver as it is written in the docs", () => {
  const handler = toExpress(createReceiver({ provider: chip({ publicKey: "" }) }));
  const mount = (app5: express5.Express, app4: express4.Express): void => {
    app5.post("/webhooks/chip", handler);
    app5.use("/webhooks/chip", handler);
    app4.post("/webhooks/chip", handler);
    app4.use("/webhooks/chip", handler);
  };
  expectTypeOf(mount).toBeFunction();
});
