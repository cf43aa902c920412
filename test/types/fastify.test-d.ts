import { createReceiver } from "@hooklatch/core";
import { toFastify, toFastifyPlugin } from "@hooklatch/fastify";
import type { FastifyReplyParts, FastifyRequestParts, FastifyScope } from "@hooklatch/fastify";
import { chip } from "@hooklatch/providers/chip";
import type * as fastify5 from "fastify";
import type * as fastify4 from "fastify4";
import { expectTypeOf, test } from "vitest";

test("toFastify() makes the options of a route of Fastify 5 and of Fastify 4", () => {
  expectTypeOf(toFastify).returns.toExtend<fastify5.RouteShorthandOptionsWithHandler>();
  expectTypeOf(toFastify).returns.toExtend<fastify4.RouteShorthandOptionsWithHandler>();
});

test("toFastifyPlugin() makes a plugin of either", () => {
  expectTypeOf(toFastifyPlugin).returns.toExtend<fastify5.FastifyPluginCallback>();
  expectTypeOf(toFastifyPlugin).returns.toExtend<fastify4.FastifyPluginCallback>();
});

test("the request, the reply and the instance of either have what the adapter takes from them", () => {
  expectTypeOf<fastify5.FastifyRequest>().toExtend<FastifyRequestParts>();
  expectTypeOf<fastify4.FastifyRequest>().toExtend<FastifyRequestParts>();
  expectTypeOf<fastify5.FastifyReply>().toExtend<FastifyReplyParts>();
  expectTypeOf<fastify4.FastifyReply>().toExtend<FastifyReplyParts>();
  expectTypeOf<fastify5.FastifyInstance>().toExtend<FastifyScope>();
  expectTypeOf<fastify4.FastifyInstance>().toExtend<FastifyScope>();
});

test("both take the receiver of any provider", () => {
  const payments = createReceiver({ provider: chip({ publicKey: "" }) });
  expectTypeOf(payments).toExtend<Parameters<typeof toFastify>[0]>();
  expectTypeOf(payments).toExtend<Parameters<typeof toFastifyPlugin>[0]>();
  // @ts-expect-error a provider is no receiver
  toFastify(payments.provider);
  // @ts-expect-error a provider is no receiver
  toFastifyPlugin(payments.provider);
});

test("an app of either mounts a receiver as it is written in the docs", () => {
  const payments = createReceiver({ provider: chip({ publicKey: "" }) });
  const mount = (app5: fastify5.FastifyInstance, app4: fastify4.FastifyInstance): void => {
    app5.post("/webhooks/chip", toFastify(payments));
    app5.all("/webhooks/chip", toFastify(payments));
    app5.route({ method: "POST", url: "/webhooks/chip", ...toFastify(payments) });
    app5.post("/webhooks/chip", { preHandler: (_request, _reply, done) => done() }, toFastify(payments).handler);
    app5.register(toFastifyPlugin(payments), { prefix: "/webhooks/chip" });
    app4.post("/webhooks/chip", toFastify(payments));
    app4.all("/webhooks/chip", toFastify(payments));
    app4.route({ method: "POST", url: "/webhooks/chip", ...toFastify(payments) });
    app4.post("/webhooks/chip", { preHandler: (_request, _reply, done) => done() }, toFastify(payments).handler);
    app4.register(toFastifyPlugin(payments), { prefix: "/webhooks/chip" });
  };
  expectTypeOf(mount).toBeFunction();
});
