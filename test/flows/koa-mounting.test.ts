import { setTimeout as sleep } from "node:timers/promises";

import { toKoa } from "@hooklatch/koa";
import { Router } from "@koa/router";
import type { Middleware } from "koa";
import { describe, expect, test } from "vitest";

import { koaVersions } from "../support/koa-versions.ts";
import { post } from "../support/post.ts";
import { createProbe } from "../support/probe.ts";
import { serveKoa } from "../support/serve-koa.ts";
import { acme, chipSigner } from "../support/signing.ts";
import { failOnUnhandled } from "../support/unhandled.ts";

failOnUnhandled();

/** Has the rest of the app wait a moment. */
const slow: Middleware = async (_context, next) => {
  await sleep(20);
  await next();
};

describe.each(koaVersions)("$name", ({ Koa }) => {
  type App = Parameters<typeof serveKoa>[0];

  test.each<[string, (handler: Middleware) => App, string]>([
    ["on a route", (handler) => new Koa().use(new Router().post("/hook", handler).routes()), "/hook"],
    ["for all methods", (handler) => new Koa().use(new Router().all("/hook", handler).routes()), "/hook"],
    ["as the app's only middleware", (handler) => new Koa().use(handler), "/any/path?a=1"],
    [
      "on a router with a prefix",
      (handler) => new Koa().use(new Router({ prefix: "/a/b" }).post("/c", handler).routes()),
      "/a/b/c?d=e",
    ],
    [
      "on a router inside a router",
      (handler) => new Koa().use(new Router().use("/a", new Router().post("/b", handler).routes()).routes()),
      "/a/b",
    ],
    ["on a route with a parameter", (handler) => new Koa().use(new Router().post("/:tenant", handler).routes()), "/t1"],
    ["behind middleware that takes its time", (handler) => new Koa().use(slow).use(handler), "/hook"],
  ])("receives %s", async (_name, build, path) => {
    for (const signer of [acme, chipSigner]) {
      const { receiver, events } = createProbe(signer.provider);
      const at = await serveKoa(build(toKoa(receiver)));
      const event = signer.event();
      expect(await post(at(path), event)).toMatchObject({ status: 200, text: '{"outcome":"handled"}' });
      expect(await post(at(path), event)).toMatchObject({ status: 200, text: '{"outcome":"duplicate"}' });
      expect((await post(at(path), { headers: event.headers, body: "{}" })).status).toBe(401);
      expect(events).toHaveLength(1);
    }
  });

  test("hands over the URL as received where a mount cuts it", async () => {
    const urls: string[] = [];
    const { receiver } = createProbe(acme.provider);
    const handler = toKoa({
      receive(incoming) {
        urls.push(incoming.url);
        return receiver.receive(incoming);
      },
    });
    const cut: Middleware = (context, next) => {
      context.url = "/cut";
      return next();
    };
    const at = await serveKoa(new Koa().use(cut).use(handler));
    expect((await post(at("/a/%41%2f?b=%2e"), acme.event())).status).toBe(200);
    expect(urls).toEqual(["/a/%41%2f?b=%2e"]);
  });

  test("keeps two receivers in one app apart, and one receiver on two paths together", async () => {
    const payments = createProbe(chipSigner.provider);
    const orders = createProbe(acme.provider);
    const router = new Router()
      .post("/chip", toKoa(payments.receiver))
      .post("/acme", toKoa(orders.receiver))
      .post("/acme-2", toKoa(orders.receiver));
    const at = await serveKoa(new Koa().use(router.routes()));
    const event = acme.event();
    expect((await post(at("/chip"), chipSigner.event())).status).toBe(200);
    expect((await post(at("/acme"), event)).text).toContain("handled");
    expect((await post(at("/acme-2"), event)).text).toContain("duplicate");
    expect((await post(at("/chip"), acme.event())).status).toBe(401);
    expect((await post(at("/acme"), chipSigner.event())).status).toBe(401);
    expect([payments.events.length, orders.events.length]).toEqual([1, 1]);
  });

  test("leaves other methods and paths to the app", async () => {
    const { receiver, reports } = createProbe(acme.provider);
    const router = new Router().post("/hook", toKoa(receiver)).get("/page", (context) => void (context.body = "page"));
    const at = await serveKoa(new Koa().use(router.routes()).use(router.allowedMethods()));
    expect(await post(at(), { method: "GET" })).toMatchObject({ status: 405, text: "Method Not Allowed" });
    expect((await post(at("/other"), acme.event())).text).toBe("Not Found");
    expect((await post(at("/page"), { method: "GET" })).text).toBe("page");
    expect(reports).toEqual([]);
    // The router takes a trailing slash for the same path, unless it is told to be strict.
    expect((await post(at("/hook/"), acme.event())).status).toBe(200);
  });

  test("answers 405 and says which method it takes, where the app hands it every method", async () => {
    const { receiver } = createProbe(acme.provider);
    const at = await serveKoa(new Koa().use(toKoa(receiver)));
    expect(await post(at(), { method: "GET" })).toMatchObject({ status: 405, headers: { allow: "POST" } });
    expect(await post(at(), { method: "HEAD" })).toMatchObject({ status: 405, text: "" });
  });

  test("lets middleware around it see the status, keeps their headers and raises no error of the app", async () => {
    const { receiver } = createProbe(acme.provider);
    const errors: unknown[] = [];
    const seen: number[] = [];
    const around: Middleware = async (context, next) => {
      context.set("x-before", "1");
      await next();
      seen.push(context.status);
      context.set("x-after", "1"); // the answer is on its way
      context.body = "another answer";
    };
    const app = new Koa().use(around).use(toKoa(receiver));
    app.on("error", (error) => void errors.push(error));
    const at = await serveKoa(app);
    const event = acme.event();

    const answer = await post(at(), event);
    expect(answer).toMatchObject({ status: 200, text: '{"outcome":"handled"}', headers: { "x-before": "1" } });
    expect(answer.headers).not.toHaveProperty("x-after");
    expect((await post(at(), { headers: event.headers, body: "{}" })).text).toBe('{"error":"ERR_SIGNATURE_MISMATCH"}');
    expect(seen).toEqual([200, 401]);
    expect(errors).toEqual([]);
  });

  test("lets the app answer first, and what the handler does then is remembered", async () => {
    const started = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const { receiver, reports } = createProbe(acme.provider, {
      handler() {
        started.resolve();
        return release.promise;
      },
    });
    const impatient: Middleware = async (context, next) => {
      await Promise.race([next(), started.promise]);
      context.status = 504;
    };
    const at = await serveKoa(new Koa().use(impatient).use(toKoa(receiver)));
    const event = acme.event();

    expect((await post(at(), event)).status).toBe(504);
    release.resolve();
    await expect.poll(() => reports.map(({ outcome }) => outcome)).toEqual(["handled"]);
    await receiver.close();
  });

  test("is handled all the same behind middleware that forgets to wait, though Koa has answered 404", async () => {
    const { receiver, reports } = createProbe(acme.provider);
    const hasty: Middleware = (_context, next) => void next();
    const at = await serveKoa(new Koa().use(hasty).use(toKoa(receiver)));
    const event = acme.event();
    expect((await post(at(), event)).status).toBe(404);
    await expect.poll(() => reports.map(({ outcome }) => outcome)).toEqual(["handled"]);
    expect((await post(at(), event)).status).toBe(404);
    await expect.poll(() => reports.map(({ outcome }) => outcome)).toEqual(["handled", "duplicate"]);
  });
});
