import { createReceiver } from "@hooklatch/core";
import type { EventOf } from "@hooklatch/core";
import { createMockSender } from "@hooklatch/mock-sender";
import type { MockSender } from "@hooklatch/mock-sender";
import { chipMock } from "@hooklatch/mock-sender/chip";
import { createOnWebhook, HooklatchModule } from "@hooklatch/nestjs";
import type { ChipEvents } from "@hooklatch/providers/chip";
import { Inject, Injectable, Scope } from "@nestjs/common";
import type { ModuleMetadata } from "@nestjs/common";
import { Test } from "@nestjs/testing";
import { describe, expect, onTestFinished, test } from "vitest";

import { decorateMethod } from "../support/decorate-method.ts";
import { nestHosts } from "../support/hosts/nest.ts";
import { nestPlatforms, serveNest } from "../support/serve-nest.ts";
import { post } from "../support/post.ts";
import { createProbe } from "../support/probe.ts";
import { acme, chipSigner, signers } from "../support/signing.ts";
import { failOnUnhandled } from "../support/unhandled.ts";

failOnUnhandled();

class ConfigModule {
  readonly isConfig = true;
}

type Paid = EventOf<ChipEvents, "purchase.paid">;

/** An app module that mounts one receiver of CHIP's, and classes with handlers for it. */
function setUp(): {
  readonly sender: MockSender<ChipEvents>;
  readonly metadata: ModuleMetadata & { readonly providers: NonNullable<ModuleMetadata["providers"]> };
  readonly journal: string[];
} {
  const sender = createMockSender(chipMock());
  const OnPayment = createOnWebhook<ChipEvents>("payments");
  const journal: string[] = [];
  class Warehouse {
    ship(reference: string): void {
      journal.push(`shipped ${reference}`);
    }
  }
  Injectable()(Warehouse);
  class PaymentHandlers {
    readonly #warehouse: Warehouse;
    constructor(warehouse: Warehouse) {
      this.#warehouse = warehouse;
    }
    paid({ payload }: Paid): void {
      this.#warehouse.ship(payload.reference);
    }
    audit({ type }: { readonly type: string }): void {
      journal.push(`saw ${type}`);
    }
  }
  Injectable()(PaymentHandlers);
  Inject(Warehouse)(PaymentHandlers, undefined, 0);
  decorateMethod(PaymentHandlers, "paid", OnPayment("purchase.paid"));
  decorateMethod(PaymentHandlers, "audit", OnPayment("purchase.*"), OnPayment("payment.refunded"));
  const mounted = HooklatchModule.forRootAsync({
    inject: ["SENDER"],
    imports: [
      {
        module: ConfigModule,
        global: true,
        providers: [{ provide: "SENDER", useValue: sender }],
        exports: ["SENDER"],
      },
    ],
    useFactory: ({ provider }: typeof sender) => ({
      receivers: [
        { name: "payments", path: "/webhooks/chip", receiver: createReceiver({ provider, onOutcome: () => {} }) },
      ],
    }),
  });
  return { sender, journal, metadata: { imports: [mounted], providers: [Warehouse, PaymentHandlers] } };
}

describe.each(nestPlatforms)("Nest on $name", ({ createAdapter }) => {
  test("runs decorated methods of injectable classes, with what was injected into them", async () => {
    const { sender, metadata, journal } = setUp();
    const { at } = await serveNest(metadata, { platform: createAdapter() });
    const url = at("/webhooks/chip");
    expect(await sender.send(url, "purchase.paid", { payload: { reference: "order-7" } })).toMatchObject({
      status: 200,
    });
    expect(journal).toEqual(["shipped order-7", "saw purchase.paid"]);
    expect((await sender.duplicate(url, "payment.refunded")).map(({ outcome }) => outcome)).toEqual([
      "handled",
      "duplicate",
    ]);
    expect(journal.slice(2)).toEqual(["saw payment.refunded"]);
    expect((await sender.send(url, "purchase.paid", { fault: "tampered" })).status).toBe(401);
    expect((await sender.send(url, "payout.success")).outcome).toBe("ignored");
    expect(journal).toHaveLength(3);
  });

  test("does the same under Test.createTestingModule", async () => {
    const { sender, metadata, journal } = setUp();
    const module = await Test.createTestingModule(metadata).compile();
    const app = module.createNestApplication(createAdapter(), { logger: false });
    await app.listen(0, "127.0.0.1");
    const url = `${await app.getUrl()}/webhooks/chip`;
    expect((await sender.send(url, "purchase.paid", { payload: { reference: "order-8" } })).status).toBe(200);
    expect(journal).toContain("shipped order-8");
    await app.close();
  });

  test.each([{}, { rawBody: true }, { bodyParser: false }])("receives exact bytes with %j", async (options) => {
    for (const signer of signers) {
      const { receiver, events } = createProbe(signer.provider);
      const { at } = await serveNest(
        { imports: [HooklatchModule.forRoot({ receivers: [{ path: "/hook", receiver }] })] },
        { ...options, platform: createAdapter() },
      );
      const event = signer.event();
      expect(await post(at(), event)).toMatchObject({ status: 200, text: '{"outcome":"handled"}' });
      expect(await post(at("/hook?a=1"), event)).toMatchObject({ status: 200, text: '{"outcome":"duplicate"}' });
      expect((await post(at(), { ...event, body: `${String(event.body)} ` })).status).toBe(401);
      // Nest would answer this itself, if its parser came first.
      expect((await post(at(), signer.sign("{oops"))).text).toBe('{"error":"ERR_BODY_MALFORMED"}');
      expect(events).toHaveLength(1);
    }
  });

  test("takes exactly the path it is given, whatever the global prefix is", async () => {
    const payments = createProbe(chipSigner.provider);
    const orders = createProbe(acme.provider);
    const mounts = [
      { path: "/hook", receiver: orders.receiver },
      { path: "/hook/chip", receiver: payments.receiver },
    ];
    const { at } = await serveNest(
      { imports: [HooklatchModule.forRoot({ receivers: mounts })] },
      {
        platform: createAdapter(),
        prefix: "api",
      },
    );
    expect((await post(at("/hook"), acme.event())).status).toBe(200);
    expect((await post(at("/hook/chip"), chipSigner.event())).status).toBe(200);
    expect((await post(at("/hook"), chipSigner.event())).status).toBe(401);
    for (const path of ["/hook/", "/hook/x", "/api/hook", "/HOOK", "/hookx", "//hook"]) {
      expect((await post(at(path), acme.event())).status, path).toBe(404);
    }
    expect(await post(at(), { method: "GET" })).toMatchObject({ status: 405, headers: { allow: "POST" } });
    expect([orders.events.length, payments.events.length]).toEqual([1, 1]);
  });

  test("ends running handlers and refuses new deliveries when the app closes", async () => {
    const started = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const { receiver } = createProbe(acme.provider, {
      handler() {
        started.resolve();
        return release.promise;
      },
    });
    const imports = [HooklatchModule.forRoot({ receivers: [{ path: "/hook", receiver }] })];
    const { at, app } = await serveNest({ imports }, { platform: createAdapter() });
    const running = fetch(at(), { method: "POST", ...acme.event() });
    await started.promise;
    const closed = app.close();
    await expect.poll(async () => (await fetch(at(), { method: "POST", ...acme.event() })).status).toBe(503);
    release.resolve();
    expect((await running).status).toBe(200);
    await closed;
    await expect(fetch(at(), { method: "POST", ...acme.event() })).rejects.toThrow("fetch failed");
  });

  test.each([
    ["request-scoped", Scope.REQUEST],
    ["transient", Scope.TRANSIENT],
  ])("refuses to start with a handler on a class that is %s", async (_what, scope) => {
    const { metadata } = setUp();
    class Scoped {
      paid(): void {}
    }
    Injectable({ scope })(Scoped);
    decorateMethod(Scoped, "paid", createOnWebhook<ChipEvents>("payments")("purchase.paid"));
    const module = { ...metadata, providers: [...metadata.providers, Scoped] };
    await expect(serveNest(module, { platform: createAdapter() })).rejects.toMatchObject({
      code: "ERR_OPTION_INVALID",
      message: expect.stringContaining("OnWebhook: Scoped is request-scoped or transient"),
    });
  });
});

describe.each(nestHosts)("$name", (host) => {
  test("leaves the app its own routes, its parser and its exception filter", async () => {
    const { receiver, reports } = createProbe(acme.provider);
    const running = await host.start([{ path: "/own", receiver }]);
    onTestFinished(() => running.kill());
    const headers = { "content-type": "application/json" };
    expect((await post(`${running.url}/own/hello`, { method: "GET" })).text).toBe("hello");
    expect(await post(`${running.url}/own/echo`, { headers, body: ' {"a":1}' })).toMatchObject({
      status: 200,
      text: '{"own":{"a":1}}',
    });
    expect(await post(`${running.url}/own/echo`, { headers, body: "{oops" })).toMatchObject({
      status: 400,
      text: '{"own":"error"}',
    });
    expect(await post(`${running.url}/own/fail`, { method: "GET" })).toMatchObject({
      status: 418,
      text: '{"own":"error"}',
    });
    expect(reports).toEqual([]);
    expect((await post(`${running.url}/own`, acme.event())).status).toBe(200);
  });
});

describe("Nest in an Express app that has parsers already", () => {
  const host = nestHosts.find(({ name }) => name === "Nest on Express") ?? expect.unreachable();

  test("takes the bytes that a parser kept", async () => {
    const { receiver, events } = createProbe(acme.provider);
    const running = await host.start([{ path: "/hook", receiver, behind: "parser-that-keeps-bytes" }]);
    onTestFinished(() => running.kill());
    expect((await post(`${running.url}/hook`, acme.sign('{ "type":"order.paid", "x":1.0 }'))).status).toBe(200);
    expect(events).toHaveLength(1);
  });

  test("guesses nothing where it kept none, and says what to do", async () => {
    const { receiver, reports, events } = createProbe(acme.provider);
    const running = await host.start([{ path: "/hook", receiver, behind: "parser" }]);
    onTestFinished(() => running.kill());
    expect(await post(`${running.url}/hook`, acme.event())).toMatchObject({
      status: 500,
      text: '{"error":"ERR_BODY_CONSUMED"}',
    });
    expect(reports[0]?.error?.help).toContain("Move its line below NestFactory.create()");
    expect(events).toEqual([]);
  });
});
