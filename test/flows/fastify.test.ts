import { toFastify, toFastifyPlugin } from "@hooklatch/fastify";
import type { FastifyRoute } from "@hooklatch/fastify";
import type { FastifyInstance, FastifyServerOptions } from "fastify";
import { describe, expect, onTestFinished, test } from "vitest";

import { fastifyVersions } from "../support/fastify-versions.ts";
import { post } from "../support/post.ts";
import { createProbe } from "../support/probe.ts";
import { acme, chipSigner } from "../support/signing.ts";
import { failOnUnhandled } from "../support/unhandled.ts";

failOnUnhandled();

const exactBytes = { global: false, encoding: false, runFirst: true } as const;
const anyBytes = Buffer.from([0xef, 0xbb, 0xbf, ...Buffer.from('{"note":"'), 0xff, 0x00, ...Buffer.from('"}')]);

describe.each(fastifyVersions)("$name", ({ fastify, rawBody }) => {
  /** Serves what `build` makes for one test and answers with a function that makes URLs of paths. */
  async function serve(
    build: (app: FastifyInstance) => unknown,
    options: FastifyServerOptions = {},
  ): Promise<(path: string) => string> {
    const app = fastify(options);
    onTestFinished(() => {
      app.server.closeAllConnections();
      return app.close();
    });
    await build(app);
    const url = await app.listen({ port: 0, host: "127.0.0.1" });
    return (path) => new URL(path, url).href;
  }

  test.each<[string, (app: FastifyInstance, route: FastifyRoute) => unknown, string]>([
    ["on a route", (app, route) => app.post("/hook", route), "/hook"],
    ["for all methods", (app, route) => app.all("/hook", route), "/hook"],
    ["on a route in full", (app, route) => app.route({ method: "POST", url: "/hook", ...route }), "/hook?a=%2e"],
    ["on a route with a parameter", (app, route) => app.post("/hook/:tenant", route), "/hook/t1"],
    [
      "in plugins inside each other",
      (app, route) =>
        app.register(async (outer) => outer.register(async (inner) => inner.post("/c", route), { prefix: "/b" }), {
          prefix: "/a",
        }),
      "/a/b/c?d=e",
    ],
    [
      "below a content type parser that keeps the bytes",
      (app, { handler }) => withParser(app, "buffer").post("/hook", handler),
      "/hook",
    ],
    [
      "below fastify-raw-body, behind other hooks",
      async (app, { handler }) => {
        await app.register(rawBody, exactBytes);
        app.post("/hook", { config: { rawBody: true }, preHandler: (_request, _reply, done) => done() }, handler);
      },
      "/hook",
    ],
    [
      "behind hooks that take their time",
      (app, route) =>
        app.addHook("onRequest", (_request, _reply, done) => void setTimeout(done, 20)).post("/hook", route),
      "/hook",
    ],
  ])("receives %s", async (_name, build, path) => {
    for (const signer of [acme, chipSigner]) {
      const { receiver, events } = createProbe(signer.provider);
      const at = await serve((app) => build(app, toFastify(receiver)));
      const request = signer.event();
      expect(await post(at(path), request)).toMatchObject({ status: 200, text: '{"outcome":"handled"}' });
      expect(await post(at(path), request)).toMatchObject({ status: 200, text: '{"outcome":"duplicate"}' });
      const chunked = { ...request, headers: { ...request.headers, "transfer-encoding": "chunked" } };
      expect((await post(at(path), chunked)).text).toBe('{"outcome":"duplicate"}');
      expect((await post(at(path), { headers: request.headers, body: signer.sign("{}").body })).status).toBe(401);
      expect(events).toHaveLength(1);
    }
  });

  test("registers as a plugin, at its prefix and with a slash behind it, beside another", async () => {
    const payments = createProbe(chipSigner.provider);
    const orders = createProbe(acme.provider);
    const at = await serve((app) => {
      void app.register(toFastifyPlugin(payments.receiver), { prefix: "/hooks/chip" });
      void app.register(toFastifyPlugin(orders.receiver), { prefix: "/hooks/acme" });
    });
    expect((await post(at("/hooks/chip"), chipSigner.event())).status).toBe(200);
    expect((await post(at("/hooks/acme/?a=1"), acme.event())).status).toBe(200);
    expect((await post(at("/hooks/chip"), acme.event())).status).toBe(401);
    expect((await post(at("/hooks/acme"), chipSigner.event())).status).toBe(401);
    expect((await post(at("/hooks/acme/more"), acme.event())).status).toBe(404);
    expect((await post(at("/"), acme.event())).status).toBe(404);
    expect([payments.events.length, orders.events.length]).toEqual([1, 1]);
  });

  test("receives on one path mounted twice, once", async () => {
    const { receiver, events } = createProbe(acme.provider);
    const route = toFastify(receiver);
    const at = await serve((app) => app.post("/a", route).post("/b", route));
    const event = acme.event();
    expect((await post(at("/a"), event)).text).toContain("handled");
    expect((await post(at("/b"), event)).text).toContain("duplicate");
    expect(events).toHaveLength(1);
  });

  test.each<[string, (app: FastifyInstance, route: FastifyRoute) => unknown]>([
    ["the stream", (app, route) => app.post("/hook", route)],
    ["a parser's bytes", (app, { handler }) => withParser(app, "buffer").post("/hook", handler)],
  ])("hands over every byte as it came, from %s", async (_name, build) => {
    const { receiver, reports } = createProbe(acme.provider);
    const at = await serve((app) => build(app, toFastify(receiver)));
    // Were one byte another, the signature would not fit and the answer would be 401.
    expect((await post(at("/hook"), acme.sign(anyBytes))).status).toBe(400);
    expect(reports[0]?.error?.code).toBe("ERR_BODY_NOT_UTF8");
  });

  test.each([
    ["that is none", "foo"],
    ["that no parser takes", "image/png"],
    ["of text", "text/plain"],
  ])("answers itself for a content type %s", async (_name, type) => {
    const { receiver } = createProbe(acme.provider);
    const at = await serve((app) => app.post("/hook", toFastify(receiver)));
    const { headers, body } = acme.event();
    const answer = await post(at("/hook"), { headers: { ...headers, "content-type": type }, body });
    expect(answer).toMatchObject({ status: 415, text: '{"error":"ERR_CONTENT_TYPE_UNSUPPORTED"}' });
  });

  test("lets its own limit rule and not the app's, above and below it", async () => {
    const { receiver } = createProbe({ ...acme.provider, maxBodyBytes: 1000 });
    const at = await serve((app) => app.post("/hook", toFastify(receiver)), { bodyLimit: 10 });
    expect((await post(at("/hook"), acme.event())).status).toBe(200);
    expect((await post(at("/hook"), acme.sign("x".repeat(1001)))).text).toBe('{"error":"ERR_BODY_TOO_LARGE"}');
  });

  test.each<[string, (app: FastifyInstance, route: FastifyRoute) => unknown]>([
    ["Fastify's own parser", (app, { handler }) => app.post("/chip", handler)],
    ["a parser that makes text", (app, { handler }) => withParser(app, "string").post("/chip", handler)],
    [
      "fastify-raw-body as it is unless told otherwise",
      async (app, { handler }) => {
        await app.register(rawBody);
        app.post("/chip", handler);
      },
    ],
    [
      "a hook that reads the stream",
      (app, route) =>
        app
          .addHook("onRequest", ({ raw }, _reply, done) => void raw.on("data", () => {}).on("end", () => done()))
          .post("/chip", route),
    ],
  ])("answers 500 at once after %s, and names the line to move", async (_name, build) => {
    const { receiver, reports, events } = createProbe(acme.provider);
    const at = await serve((app) =>
      app.register(async (scope) => void (await build(scope, toFastify(receiver))), { prefix: "/webhooks" }),
    );
    const answer = await post(at("/webhooks/chip?token=123"), acme.event());
    expect(answer).toMatchObject({ status: 500, text: '{"error":"ERR_BODY_CONSUMED"}' });
    expect(events).toEqual([]);
    const help = reports[0]?.error?.help ?? "";
    expect(help).toContain('Give the route "/webhooks/chip" the whole of toFastify(…), not its handler alone');
    expect(help).toContain("fastify-raw-body with { encoding: false, runFirst: true }");
    expect(help).not.toContain("token");
  });

  test("leaves other methods and paths to the app, unless it is mounted for them", async () => {
    const { receiver, reports } = createProbe(acme.provider);
    const at = await serve((app) => app.post("/hook", toFastify(receiver)).all("/any", toFastify(receiver)));
    expect((await post(at("/hook"), { method: "GET" })).text).toContain("Route GET:/hook not found");
    expect((await post(at("/hook"), { method: "HEAD" })).status).toBe(404);
    expect((await post(at("/hooks"), acme.event())).status).toBe(404);
    expect(reports).toEqual([]);
    expect(await post(at("/any"), { method: "GET" })).toMatchObject({ status: 405, headers: { allow: "POST" } });
    expect(await post(at("/any"), { method: "HEAD" })).toMatchObject({ status: 405, text: "" });
  });
});

/** Has the app read JSON as bytes or as a text, and leave it so. */
function withParser(app: FastifyInstance, parseAs: "buffer" | "string"): FastifyInstance {
  app.addContentTypeParser("application/json", { parseAs }, (_request, body, done) => done(null, body));
  return app;
}
