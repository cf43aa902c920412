import { once } from "node:events";
import { createServer, request as openRequest } from "node:http";
import type { AddressInfo } from "node:net";

import { toFastify, toFastifyPlugin } from "@hooklatch/fastify";
import fastify5 from "fastify";
import type { FastifyInstance, FastifyServerOptions, onRequestHookHandler } from "fastify";
import { describe, expect, onTestFinished, test, vi } from "vitest";

import { fastifyVersions } from "../support/fastify-versions.ts";
import { post } from "../support/post.ts";
import { createProbe } from "../support/probe.ts";
import { acme } from "../support/signing.ts";
import { failOnUnhandled } from "../support/unhandled.ts";

failOnUnhandled();

const json = { "content-type": "application/json" };

describe.each(fastifyVersions)("$name", ({ fastify }) => {
  /** Makes an app that ends with its test. */
  function create(options: FastifyServerOptions = {}): FastifyInstance {
    const app = fastify(options);
    onTestFinished(() => {
      app.server.closeAllConnections();
      return app.close();
    });
    return app;
  }

  const listen = (app: FastifyInstance): Promise<string> => app.listen({ port: 0, host: "127.0.0.1" });

  test("leaves the app's other routes their parsers, their limits and their error handlers", async () => {
    const { receiver } = createProbe(acme.provider);
    const app = create({ bodyLimit: 1000 });
    app.addContentTypeParser("application/x-own", { parseAs: "string" }, (_request, body, done) =>
      done(null, { body }),
    );
    app.setErrorHandler((error: { readonly code?: string }, _request, reply) => reply.code(418).send(error.code));
    app.post("/before", ({ body }) => ({ body }));
    app.post("/hook", toFastify(receiver));
    app.register(toFastifyPlugin(receiver), { prefix: "/plugin" });
    app.post("/after", ({ body }) => ({ body }));
    const url = await listen(app);

    for (const path of ["/before", "/after"]) {
      const own = { headers: { "content-type": "application/x-own" }, body: "a" };
      expect((await post(url + path, { headers: json, body: '{"a":1}' })).text).toBe('{"body":{"a":1}}');
      expect((await post(url + path, own)).text).toBe('{"body":{"body":"a"}}');
      expect(await post(url + path, { headers: json, body: "{" })).toMatchObject({ status: 418 });
      const long = await post(url + path, { headers: json, body: JSON.stringify("x".repeat(1000)) });
      expect(long).toMatchObject({ status: 418, text: "FST_ERR_CTP_BODY_TOO_LARGE" });
      const foreign = await post(url + path, { headers: { "content-type": "image/png" }, body: "a" });
      expect(foreign).toMatchObject({ status: 418, text: "FST_ERR_CTP_INVALID_MEDIA_TYPE" });
    }
    for (const path of ["/hook", "/plugin"]) {
      expect((await post(url + path, acme.sign("{"))).status).toBe(400); // no error of the app's
      expect((await post(url + path, acme.event())).status).toBe(200);
    }
  });

  test("runs the app's hooks before it and after it, and sends the headers that they set", async () => {
    const { receiver, events } = createProbe(acme.provider);
    const seen: string[] = [];
    const app = create();
    app.addHook("onRequest", async (_request, reply) => {
      reply.header("x-request-id", "r1").header("set-cookie", ["a=1", "b=2"]);
      reply.raw.setHeader("x-raw", "1");
    });
    for (const hook of ["preParsing", "preValidation", "preHandler", "onSend"] as const) {
      app.addHook(hook, async () => void seen.push(hook));
    }
    app.addHook("onResponse", async ({ method }, reply) => void seen.push(`${method} ${reply.statusCode}`));
    app.all("/hook", toFastify(receiver));
    const url = `${await listen(app)}/hook`;

    const answers = [
      await post(url, acme.event()),
      await post(url, { headers: json }),
      await post(url, { method: "GET" }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 401, 405]);
    for (const { headers } of answers) {
      expect(headers).toMatchObject({ "x-request-id": "r1", "set-cookie": ["a=1", "b=2"], "x-raw": "1" });
      expect(headers["content-type"]).toBe("application/json");
    }
    await vi.waitFor(() => expect(seen).toEqual(["POST 200", "POST 401", "GET 405"]));
    expect(events).toHaveLength(1);
  });

  test("receives nothing that a hook of the app's has answered", async () => {
    const { receiver, reports } = createProbe(acme.provider);
    const app = create();
    app.addHook("onRequest", (_request, reply) => reply.code(403).send("not you"));
    app.post("/hook", toFastify(receiver));
    expect(await post(`${await listen(app)}/hook`, acme.event())).toMatchObject({ status: 403, text: "not you" });
    expect(reports).toEqual([]);
  });

  test("stands in front of hooks that a plugin adds to each route, and behind the same hook on its scope", async () => {
    const { receiver } = createProbe(acme.provider);
    const app = create();
    const limit: onRequestHookHandler = (_request, reply) => void reply.code(429).send("slow down");
    // As @fastify/rate-limit does it.
    app.addHook("onRoute", (route) => void (route.onRequest = [route.onRequest ?? [], limit].flat()));
    app.post("/hook", toFastify(receiver));
    await app.register(async (scope) => {
      scope.addHook("onRequest", limit);
      scope.post("/limited", toFastify(receiver));
    });
    const url = await listen(app);
    expect((await post(`${url}/hook`, acme.event())).status).toBe(200);
    expect(await post(`${url}/limited`, acme.event())).toMatchObject({ status: 429, text: "slow down" });
  });

  test("answers app.inject(), accepted or refused, read or unread", async () => {
    const { receiver } = createProbe(acme.provider);
    const app = create();
    app.post("/hook", toFastify(receiver));
    const { headers, body: payload } = acme.event();
    const inject = async (sent: object): Promise<string> =>
      (await app.inject({ method: "POST", url: "/hook", ...sent })).body;
    expect(await inject({ headers, payload })).toBe('{"outcome":"handled"}');
    expect(await inject({ headers, payload: `${String(payload)} ` })).toBe('{"error":"ERR_SIGNATURE_MISMATCH"}');
    expect(await inject({ headers: json, payload })).toBe('{"error":"ERR_SIGNATURE_MISSING"}');
  });

  test("hands over the URL as it was received, whatever the app makes of it", async () => {
    const { receiver } = createProbe(acme.provider);
    const urls: string[] = [];
    const receive: typeof receiver.receive = (incoming) => {
      urls.push(incoming.url);
      return receiver.receive(incoming);
    };
    const app = create({ rewriteUrl: ({ url = "/" }) => url.replace("/old/", "/hooks/") });
    app.register(async (scope) => scope.post("/*", toFastify({ receive })), { prefix: "/hooks" });
    const url = await listen(app);
    for (const path of ["/hooks/%7Euser?a=%2e", "/old/a//b"]) {
      expect((await post(url + path, acme.event())).status).toBe(200);
    }
    expect(urls).toEqual(["/hooks/%7Euser?a=%2e", "/old/a//b"]);
  });

  test("takes the bytes that a platform kept on Node's own request before the app got it", async () => {
    const { receiver } = createProbe(acme.provider);
    const app = create();
    app.post("/hook", toFastify(receiver));
    await app.ready();
    const platform = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request
        .on("data", (chunk: Buffer) => chunks.push(chunk))
        .on("end", () => {
          app.routing(Object.assign(request, { rawBody: Buffer.concat(chunks) }), response);
        });
    }).listen(0, "127.0.0.1");
    onTestFinished(() => {
      platform.close().closeAllConnections();
    });
    await once(platform, "listening");
    // A server that listens on TCP has an address of this kind.
    const { port } = platform.address() as AddressInfo;
    expect((await post(`http://127.0.0.1:${port}/hook`, acme.event())).text).toBe('{"outcome":"handled"}');
  });

  test("lets a running delivery end when the app closes, and refuses the next", async () => {
    const gate = Promise.withResolvers<void>();
    const { receiver, events, reports } = createProbe(acme.provider, { handler: () => gate.promise });
    const app = create();
    app.post("/hook", toFastify(receiver));
    const url = `${await listen(app)}/hook`;

    const { headers, body } = acme.event();
    const sent = openRequest(url, { method: "POST", headers: { ...headers, connection: "close" } }).end(body);
    const answered = once(sent, "response");
    await vi.waitFor(() => expect(events).toHaveLength(1));
    const closed = Promise.all([receiver.close(), app.close()]);
    await expect(post(url, acme.event())).rejects.toThrow("ECONNREFUSED");
    gate.resolve();
    const [{ statusCode }] = (await answered) as [{ readonly statusCode?: number }]; // as the event is documented
    expect(statusCode).toBe(200);
    await closed;
    expect(reports.map(({ outcome }) => outcome)).toEqual(["handled"]);
  });
});

test("Fastify 5 does not cut it short by the app's handlerTimeout: its own deadlines rule", async () => {
  const gate = Promise.withResolvers<void>();
  const { receiver } = createProbe(acme.provider, { handler: () => gate.promise });
  const app = fastify5({ handlerTimeout: 20 });
  onTestFinished(() => app.close());
  app.post("/hook", toFastify(receiver));
  const { headers, body: payload } = acme.event();
  const answer = app.inject({ method: "POST", url: "/hook", headers, payload });
  setTimeout(gate.resolve, 200);
  expect((await answer).body).toBe('{"outcome":"handled"}');
});
