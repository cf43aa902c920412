import { toLambda } from "@hooklatch/lambda";
import type { LambdaEvent } from "@hooklatch/lambda";
import { createMockSender } from "@hooklatch/mock-sender";
import { chipMock } from "@hooklatch/mock-sender/chip";
import { describe, expect, onTestFinished, test } from "vitest";

import { serve } from "../support/hosts/serve.ts";
import { createGateway } from "../support/lambda-gateway.ts";
import type { GatewayKind, LambdaFunction } from "../support/lambda-gateway.ts";
import { post } from "../support/post.ts";
import { createProbe } from "../support/probe.ts";
import type { Probe } from "../support/probe.ts";
import { acme } from "../support/signing.ts";

async function start(kind: GatewayKind, invoke: LambdaFunction): Promise<string> {
  const running = await serve(createGateway(kind, invoke));
  onTestFinished(() => running.kill());
  return `${running.url}/webhooks`;
}

async function startProbe(kind: GatewayKind, options?: Parameters<typeof createProbe>[1]) {
  const probe: Probe = createProbe(acme.provider, options);
  return { ...probe, url: await start(kind, toLambda(probe.receiver)) };
}

const notUtf8 = acme.sign(Buffer.concat([Buffer.from('{"type":"order.paid","x":"'), Buffer.from([0xff, 0x22, 0x7d])]));
const replaced = acme.sign('{"type":"order.paid","x":"\u{FFFD}"}');
const kinds = ["rest", "rest-text", "http"] as const;

describe.each(kinds)("behind the gateway %s", (kind) => {
  test("an event is handled once, and what was forged is refused", async () => {
    const sender = createMockSender(chipMock());
    const { receiver, events } = createProbe(sender.provider);
    const url = await start(kind, toLambda(receiver));
    const [first, second] = await sender.duplicate(url, "purchase.paid", { payload: { reference: "bestellt – 7 🦊" } });
    expect([first?.outcome, second?.outcome]).toEqual(["handled", "duplicate"]);
    expect(await sender.send(url, "purchase.paid", { fault: "tampered" })).toMatchObject({ status: 401 });
    expect(events).toMatchObject([{ payload: { reference: "bestellt – 7 🦊" } }]);
  });

  test("a body over the receiver's limit is refused by us, one that does not fit into an event by the gateway", async () => {
    const { url, reports } = await startProbe(kind, { maxBodyBytes: 1000 });
    const over = acme.sign(JSON.stringify({ type: "a".repeat(1000) }));
    expect(await post(url, over)).toMatchObject({ status: 413, text: '{"error":"ERR_BODY_TOO_LARGE"}' });
    for (const length of [6_500_000, 11_000_000]) {
      const { status, text } = await post(url, acme.sign("a".repeat(length)));
      expect([status, text]).toEqual([413, '{"message":"Request Too Long"}']);
    }
    expect(reports).toHaveLength(1);
  });

  test("an event that is no request is a 5xx, so that the platform sends again", async () => {
    const { receiver, reports } = createProbe(acme.provider);
    const handler = toLambda(receiver);
    const url = await start(kind, (event: LambdaEvent) => handler({ ...event, requestContext: null } as never)); // as no type allows
    expect((await post(url, acme.event())).status).toBeGreaterThanOrEqual(500);
    expect(reports).toEqual([]);
  });
});

describe("the bytes", () => {
  test("come through a REST API that takes every type for binary", async () => {
    const { url } = await startProbe("rest");
    expect((await post(url, notUtf8)).text).toBe('{"error":"ERR_BODY_NOT_UTF8"}');
    expect((await post(url, replaced)).text).toBe('{"outcome":"handled"}');
  });

  test.each(["rest-text", "http"] as const)(
    "that %s made a text of are refused where it may have lost some",
    async (kind) => {
      const { url, reports, events } = await startProbe(kind);
      for (const request of [notUtf8, replaced, { ...notUtf8, body: Buffer.from([0xff]) }]) {
        expect(await post(url, request)).toMatchObject({ status: 500, text: '{"error":"ERR_BODY_CONSUMED"}' });
      }
      expect(reports[0]?.error?.help).toMatch(/Set binaryMediaTypes: \["\*\/\*"\] on the REST API/);
      expect((await post(url, acme.sign('\u{FEFF}{"type":"order.paid","x":"é"}'))).text).toBe('{"outcome":"handled"}');
      expect(events).toHaveLength(1);
    },
  );

  test("of a form come through an HTTP API, which takes only some types for text", async () => {
    const provider = { ...acme.provider, body: "form" } as const;
    const { receiver, events } = createProbe({
      ...provider,
      describe: (fields) => ({ id: "1", type: "a", payload: fields }),
    });
    const url = await start("http", toLambda(receiver));
    const { headers, body } = acme.sign("x=%EF%BF%BD+1");
    const form = { ...headers, "content-type": "application/x-www-form-urlencoded" };
    expect((await post(url, { headers: form, body })).status).toBe(200);
    expect(events).toMatchObject([{ payload: { x: "\u{FFFD} 1" } }]);
  });
});

test("a declared length holds, where the gateway tells it", async () => {
  const { receiver, reports } = createProbe(acme.provider);
  const handler = toLambda(receiver);
  const url = await start("http", (event: LambdaEvent) => handler({ ...event, body: event.body?.slice(1) }));
  expect(await post(url, acme.event())).toMatchObject({ status: 500, text: '{"error":"ERR_BODY_CONSUMED"}' });
  expect(reports).toHaveLength(1);
});
