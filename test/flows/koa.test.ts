import { gzipSync } from "node:zlib";

import { toKoa } from "@hooklatch/koa";
import { Router } from "@koa/router";
import type { Middleware } from "koa";
import { describe, expect, test } from "vitest";

import { bodyParser, koaBody, koaBodyparser } from "../support/koa-parsers.ts";
import { koaVersions } from "../support/koa-versions.ts";
import { post } from "../support/post.ts";
import { createProbe } from "../support/probe.ts";
import type { Probe } from "../support/probe.ts";
import { serveKoa } from "../support/serve-koa.ts";
import { acme, signers } from "../support/signing.ts";
import type { SignedRequest } from "../support/signing.ts";
import { failOnUnhandled } from "../support/unhandled.ts";

failOnUnhandled();

/** The three parsers that Koa apps use. */
const parsers: readonly [string, () => Middleware][] = [
  ["koa-bodyparser", () => koaBodyparser()],
  ["@koa/bodyparser", () => bodyParser()],
  ["koa-body", () => koaBody()],
];

/** The same, where they keep a text of the body. */
const keepingParsers: readonly [string, () => Middleware][] = [
  ["koa-bodyparser", () => koaBodyparser()],
  ["@koa/bodyparser", () => bodyParser()],
  ["@koa/bodyparser with patchNode", () => bodyParser({ patchNode: true })],
  ["koa-body with includeUnparsed", () => koaBody({ includeUnparsed: true })],
  ["koa-body on Node's request", () => koaBody({ includeUnparsed: true, patchNode: true, patchKoa: false })],
];

type Routes = ReturnType<Router["routes"]>;

/** Has the two parsers that know this switch leave the webhooks alone. */
const sparingHooks: Middleware = (context, next) => {
  if (context.path === "/hook") context["disableBodyParser"] = true;
  return next();
};

const chunked = ({ headers, body }: SignedRequest): SignedRequest => ({
  headers: { ...headers, "transfer-encoding": "chunked" },
  body,
});

describe.each(koaVersions)("$name", ({ Koa }) => {
  const routeTo = ({ receiver }: Probe): Routes => new Router().post("/hook", toKoa(receiver)).routes();
  const ownRoute = new Router().post("/own", (context) => void (context.body = context.request.body)).routes();

  describe.each(parsers)("before %s", (_name, parser) => {
    test.each(signers)(
      "$name: receives the exact bytes, and the app's own routes get theirs parsed",
      async (signer) => {
        const probe = createProbe(signer.provider);
        const at = await serveKoa(new Koa().use(routeTo(probe)).use(parser()).use(ownRoute));
        const event = signer.event();

        expect(await post(at(), event)).toMatchObject({ status: 200, text: '{"outcome":"handled"}' });
        expect(await post(at(), chunked(event))).toMatchObject({ status: 200, text: '{"outcome":"duplicate"}' });
        expect((await post(at(), { ...event, body: `${String(event.body)} ` })).status).toBe(401);
        expect((await post(at(), signer.sign("{oops"))).text).toBe('{"error":"ERR_BODY_MALFORMED"}');
        expect(probe.events).toHaveLength(1);
        expect((await post(at("/own"), { headers: event.headers, body: ' {"a":1}' })).text).toBe('{"a":1}');
      },
    );
  });

  describe.each(keepingParsers)("after %s", (_name, parser) => {
    test.each(signers)("$name: receives what the kept text proves", async (signer) => {
      const probe = createProbe(signer.provider);
      const at = await serveKoa(new Koa().use(parser()).use(routeTo(probe)));
      const event = signer.event();
      const written =
        '{ "id":"é🦊","type":"purchase","event_type":"purchase.paid","updated_on":1790000000,"x":"\\u0026"}\r\n';

      expect(await post(at(), event)).toMatchObject({ status: 200, text: '{"outcome":"handled"}' });
      expect(await post(at(), chunked(event))).toMatchObject({ status: 200, text: '{"outcome":"duplicate"}' });
      expect((await post(at(), signer.sign(written))).status).toBe(200);
      expect((await post(at(), { ...event, body: `${String(event.body)} ` })).status).toBe(401);
      expect((await post(at(), signer.sign(""))).status).toBe(400);
      expect(probe.events).toHaveLength(2);
    });

    test.each([
      ["a byte order mark", Buffer.from('\ufeff{"type":"a"}')],
      ["U+FFFD", Buffer.from('{"type":"\ufffd"}')],
      ["a byte that is not UTF-8", Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d])],
      // Three bytes which a decoder makes one U+FFFD of: three bytes again.
      ["bytes whose loss the length hides", Buffer.from([0x7b, 0x22, 0xf0, 0x9f, 0x98, 0x22, 0x3a, 0x31, 0x7d])],
    ])("guesses nothing where the text lost bytes: %s", async (_what, body) => {
      const probe = createProbe(acme.provider);
      const at = await serveKoa(new Koa().use(parser()).use(routeTo(probe)));
      expect(await post(at(), acme.sign(body))).toMatchObject({ status: 500, text: '{"error":"ERR_BODY_CONSUMED"}' });
      expect(probe.events).toEqual([]);
    });

    test("refuses a byte order mark of a body without a length, which leaves no trace in the text", async () => {
      const probe = createProbe(acme.provider);
      const at = await serveKoa(new Koa().use(parser()).use(routeTo(probe)));
      expect((await post(at(), chunked(acme.sign('\ufeff{"type":"a"}')))).status).toBe(401);
      expect(probe.events).toEqual([]);
    });

    test("refuses a compressed body that the parser inflated", async () => {
      const probe = createProbe(acme.provider);
      const at = await serveKoa(new Koa().use(parser()).use(routeTo(probe)));
      const { headers, body } = acme.event();
      const compressed = { headers: { ...headers, "content-encoding": "gzip" }, body: gzipSync(body) };
      expect((await post(at(), compressed)).status).toBe(415);
      expect((await post(at(), chunked(compressed))).status).toBe(415);
      expect(probe.events).toEqual([]);
    });

    test("reads the stream where the parser does not know the content type", async () => {
      const probe = createProbe(acme.provider);
      const at = await serveKoa(new Koa().use(parser()).use(routeTo(probe)));
      const { headers, body } = acme.sign('\ufeff{"type":"order.paid"}');
      const request = { headers: { ...headers, "content-type": "application/x-acme.v1+json" }, body };
      expect((await post(at(), request)).status).toBe(200);
    });
  });

  test.each(parsers.slice(0, 2))("receives any bytes after %s that was told to spare them", async (_name, parser) => {
    const probe = createProbe(acme.provider);
    const at = await serveKoa(new Koa().use(sparingHooks).use(parser()).use(routeTo(probe)).use(ownRoute));
    const event = acme.sign('\ufeff{"type":"order.paid"}');
    expect((await post(at(), event)).status).toBe(200);
    expect((await post(at(), chunked(event))).text).toBe('{"outcome":"duplicate"}');
    expect((await post(at("/own"), { headers: event.headers, body: '{"a":1}' })).text).toBe('{"a":1}');
  });

  test("receives any bytes that a middleware of the app's own kept", async () => {
    const keep: Middleware = async (context, next) => {
      Object.assign(context.request, { rawBody: Buffer.concat(await context.req.toArray()) });
      await next();
    };
    const at = await serveKoa(new Koa().use(keep).use(routeTo(createProbe(acme.provider))));
    expect((await post(at(), acme.sign('\ufeff{"type":"order.paid"}'))).status).toBe(200);
  });

  test("answers 500 after koa-body that keeps nothing, and names the line to move", async () => {
    const { receiver, reports, events } = createProbe(acme.provider);
    const router = new Router({ prefix: "/webhooks" }).post("/:secret", toKoa(receiver));
    const at = await serveKoa(new Koa().use(koaBody()).use(router.routes()));

    const answer = await post(at("/webhooks/s3cr3t?token=123"), acme.event());

    expect(answer).toMatchObject({ status: 500, text: '{"error":"ERR_BODY_CONSUMED"}' });
    expect(events).toEqual([]);
    const help = reports[0]?.error?.help ?? "";
    expect(help).toContain('Move the line app.use(router.routes()) with the route "/webhooks/:secret" above');
    expect(help).toContain("ctx.disableBodyParser = true");
    expect(help).toContain("without U+FFFD.");
    expect(help).not.toMatch(/s3cr3t|token/);
  });

  test("leaves what a parser refuses to the app", async () => {
    const probe = createProbe(acme.provider);
    const at = await serveKoa(new Koa().use(bodyParser({ jsonLimit: "1kb" })).use(routeTo(probe)));
    expect((await post(at(), acme.sign("{oops"))).status).toBe(400);
    expect((await post(at(), acme.sign(`{"a":"${"x".repeat(2000)}"}`))).status).toBe(413);
    expect(probe.reports).toEqual([]);
  });
});
