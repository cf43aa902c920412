import { keepRawBody, toExpress } from "@hooklatch/express";
import type { RequestHandler } from "express";
import { describe, expect, onTestFinished, test } from "vitest";

import { expressVersions } from "../support/express-versions.ts";
import { listen } from "../support/hosts.ts";
import { post } from "../support/post.ts";
import { createProbe } from "../support/probe.ts";
import { acme, chipSigner } from "../support/signing.ts";
import { failOnUnhandled } from "../support/unhandled.ts";

failOnUnhandled();

/** Has the stream give text, as some loggers do. */
const decodeStream: RequestHandler = (request, _response, next) => {
  request.setEncoding("utf8");
  next();
};

type App = Parameters<typeof listen>[0];

/** Serves an app for one test and answers with a function that makes URLs of paths. */
async function serve(app: App): Promise<(path: string) => string> {
  const running = await listen(app);
  onTestFinished(() => running.close());
  return (path) => new URL(path, running.url).href;
}

describe.each(expressVersions)("$name", ({ express }) => {
  const json = express.json();
  const keeping = express.json({ verify: keepRawBody });

  test.each<[string, (handler: RequestHandler) => App, string]>([
    ["on a route", (handler) => express().post("/hook", handler), "/hook"],
    ["on a route, before express.json()", (handler) => express().post("/hook", handler).use(json), "/hook"],
    ["for all methods", (handler) => express().all("/hook", handler), "/hook"],
    ["as middleware under a path", (handler) => express().use("/hook", handler), "/hook/chip?a=1"],
    ["on a router", (handler) => express().use(express.Router().post("/hook", handler)), "/hook"],
    [
      "on a router under a prefix",
      (handler) => express().use("/a/b", express.Router().post("/c", handler)),
      "/a/b/c?d=e",
    ],
    [
      "in an app inside an app",
      (handler) => express().use("/a", express().use("/b", express().post("/c", handler))),
      "/a/b/c",
    ],
    ["on a route with a parameter", (handler) => express().post("/hook/:tenant", handler), "/hook/t1"],
    ["after express.json() that keeps the bytes", (handler) => express().use(keeping).post("/hook", handler), "/hook"],
    ["after express.json() on its own route", (handler) => express().post("/hook", keeping, handler), "/hook"],
    ["after express.raw()", (handler) => express().post("/hook", express.raw({ type: "*/*" }), handler), "/hook"],
    [
      "after parsers for other content types",
      (handler) =>
        express()
          .use(
            express.text(),
            express.urlencoded({ extended: true }),
            express.json({ type: "application/vnd.other+json" }),
          )
          .post("/hook", handler),
      "/hook",
    ],
    [
      "behind middleware that takes its time",
      (handler) =>
        express()
          .use((_request, _response, next) => void setTimeout(next, 20))
          .post("/hook", handler),
      "/hook",
    ],
  ])("receives %s", async (_name, build, path) => {
    for (const signer of [acme, chipSigner]) {
      const { receiver, events } = createProbe(signer.provider);
      const at = await serve(build(toExpress(receiver)));
      const request = signer.event();
      expect(await post(at(path), request)).toMatchObject({ status: 200, text: '{"outcome":"handled"}' });
      expect(await post(at(path), request)).toMatchObject({ status: 200, text: '{"outcome":"duplicate"}' });
      const chunked = { ...signer.event(), headers: { ...request.headers, "transfer-encoding": "chunked" } };
      expect((await post(at(path), { ...chunked, body: request.body })).status).toBe(200);
      expect((await post(at(path), { headers: request.headers, body: signer.sign("{}").body })).status).toBe(401);
      expect(events).toHaveLength(1);
    }
  });

  test("receives on one path mounted twice, once", async () => {
    const { receiver, events } = createProbe(acme.provider);
    const at = await serve(
      express().post("/a", toExpress(receiver)).post("/b", toExpress(receiver)).post("/a", toExpress(receiver)),
    );
    const event = acme.event();
    expect((await post(at("/a"), event)).text).toContain("handled");
    expect((await post(at("/b"), event)).text).toContain("duplicate");
    expect(events).toHaveLength(1);
  });

  test("keeps two receivers in one app apart", async () => {
    const payments = createProbe(chipSigner.provider);
    const orders = createProbe(acme.provider);
    const at = await serve(
      express().post("/chip", toExpress(payments.receiver)).use(keeping).post("/acme", toExpress(orders.receiver)),
    );
    expect((await post(at("/chip"), chipSigner.event())).status).toBe(200);
    expect((await post(at("/acme"), acme.event())).status).toBe(200);
    expect((await post(at("/chip"), acme.event())).status).toBe(401);
    expect((await post(at("/acme"), chipSigner.event())).status).toBe(401);
    expect([payments.events.length, orders.events.length]).toEqual([1, 1]);
  });

  test.each<[string, RequestHandler, object?]>([
    ["express.json()", express.json()],
    ["express.text()", express.text({ type: "*/*" })],
    ["express.urlencoded()", express.urlencoded({ extended: true, type: "*/*" })],
    [
      "middleware that reads the stream",
      (request, _response, next) => void request.on("data", () => {}).on("end", () => next()),
    ],
    ["middleware that decodes the stream", decodeStream],
  ])("answers 500 at once after %s, and names the line to move", async (_name, parser) => {
    const { receiver, reports, events } = createProbe(acme.provider);
    const router = express.Router().post("/chip", toExpress(receiver));
    const at = await serve(express().use(parser).use("/webhooks", router));

    const startedAtMs = performance.now();
    const answer = await post(at("/webhooks/chip?token=123"), acme.event());

    expect(answer).toMatchObject({ status: 500, text: '{"error":"ERR_BODY_CONSUMED"}' });
    expect(performance.now() - startedAtMs).toBeLessThan(1000);
    expect(events).toEqual([]);
    const help = reports[0]?.error?.help ?? "";
    expect(help).toContain('Move the line post("/chip", toExpress(…)) above app.use(express.json())');
    expect(help).toContain("express.json({ verify: keepRawBody })");
    expect(help).not.toContain("token");
  });

  test("answers 500 also for an empty chunked body that a parser has read to its end", async () => {
    const { receiver } = createProbe(acme.provider);
    const at = await serve(express().use(json).post("/hook", toExpress(receiver)));
    const { headers } = acme.sign("");
    const answer = await post(at("/hook"), { headers: { ...headers, "transfer-encoding": "chunked" } });
    expect(answer.text).toBe('{"error":"ERR_BODY_CONSUMED"}');
  });

  test.each<[string, readonly RequestHandler[], readonly [number, number]]>([
    ["before express.json()", [], [400, 401]],
    // The parser has read it to its end: there is no telling it from a body that was eaten.
    ["after express.json()", [json], [500, 500]],
    ["after express.json() that keeps the bytes", [keeping], [400, 401]],
  ])("refuses an empty body %s", async (_name, parsers, [signedStatus, forgedStatus]) => {
    const { receiver, events } = createProbe(acme.provider);
    const app = express();
    for (const parser of parsers) app.use(parser);
    const at = await serve(app.post("/hook", toExpress(receiver)));
    expect((await post(at("/hook"), acme.sign(""))).status).toBe(signedStatus);
    expect((await post(at("/hook"), { headers: acme.event().headers })).status).toBe(forgedStatus);
    expect(events).toEqual([]);
  });

  test("leaves other methods and paths to the app", async () => {
    const { receiver, reports } = createProbe(acme.provider);
    const app = express()
      .post("/hook", toExpress(receiver))
      .get("/page", (_request, response) => void response.send("page"));
    const at = await serve(app);
    const event = acme.event();
    expect((await post(at("/hook"), { method: "GET" })).text).toContain("Cannot GET /hook");
    expect((await post(at("/hook"), { method: "HEAD" })).status).toBe(404);
    expect((await post(at("/hook"), { method: "PUT", ...event })).status).toBe(404);
    expect((await post(at("/other"), event)).text).toContain("Cannot POST /other");
    expect((await post(at("/hooks"), event)).status).toBe(404);
    expect((await post(at("/page"), { method: "GET" })).text).toBe("page");
    expect(reports).toEqual([]);
    // Express takes a trailing slash and another case for the same path, unless it is told to be strict.
    expect((await post(at("/hook/"), event)).status).toBe(200);
    expect((await post(at("/HOOK"), event)).status).toBe(200);
  });

  test("answers 405 and says which method it takes, where the app hands it every method", async () => {
    const { receiver } = createProbe(acme.provider);
    const at = await serve(express().use("/hook", toExpress(receiver)));
    expect(await post(at("/hook"), { method: "GET" })).toMatchObject({ status: 405, headers: { allow: "POST" } });
    expect(await post(at("/hook"), { method: "HEAD" })).toMatchObject({ status: 405, text: "" });
  });
});
