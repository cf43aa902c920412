import { createReceiver } from "@hooklatch/core";
import type { OutcomeReport, WebhookEvent } from "@hooklatch/core";
import { keepRawBody, toExpress } from "@hooklatch/express";
import { createMockSender } from "@hooklatch/mock-sender";
import { inplayerMock } from "@hooklatch/mock-sender/inplayer";
import { inplayer, inplayerEventTypes } from "@hooklatch/providers/inplayer";
import type { RequestHandler } from "express";
import { describe, expect, onTestFinished, test } from "vitest";

import { expressVersions } from "../support/express-versions.ts";
import { listen } from "../support/hosts.ts";
import { post } from "../support/post.ts";
import { failOnUnhandled } from "../support/unhandled.ts";

failOnUnhandled();

const platform = inplayerMock();

describe.each(expressVersions)("InPlayer over HTTP to $name", ({ express }) => {
  /** An app with an endpoint for InPlayer, behind these parsers. */
  async function serve(...parsers: readonly RequestHandler[]) {
    const sender = createMockSender(platform);
    const events: WebhookEvent[] = [];
    const reports: OutcomeReport[] = [];
    // As an app does that is configured from environment variables.
    const provider = inplayer({ secrets: sender.credentials.secret });
    const receiver = createReceiver({ provider, onOutcome: (report) => void reports.push(report) });
    receiver.on("*", (event) => void events.push(event));
    const app = express();
    for (const parser of parsers) app.use(parser);
    const running = await listen(app.post("/hook", toExpress(receiver)));
    onTestFinished(() => running.close());
    return { sender, receiver, events, reports, url: running.url };
  }

  test("delivers each of the 27 events in its own form, converted", async () => {
    const { sender, events, url } = await serve();
    for (const type of inplayerEventTypes) {
      expect(await sender.send(url, type)).toMatchObject({ status: 200, outcome: "handled" });
    }
    expect(events.map(({ type }) => type)).toEqual(inplayerEventTypes);
    expect(new Set(events.map(({ id }) => id)).size).toBe(27);
    for (const { id, type, payload } of events) {
      expect(payload).toMatchObject({ id, type, misfits: [], form: { id, type } });
    }
  });

  test("hands numbers and booleans to a handler, and the texts beside them", async () => {
    const { sender, receiver, url } = await serve();
    const seen: unknown[] = [];
    receiver.on("asset.access.granted", ({ payload: { resource, form } }) => {
      seen.push([resource.consumer_id, resource.is_trial, resource.purchased_amount, resource.item_title]);
      seen.push(form["resource"]);
    });
    const payload = { resource: { purchased_amount: 7.5, item_title: "Tosca + supper = 100 %" } };
    await sender.send(url, "asset.access.granted", { payload });
    expect(seen).toEqual([
      [52806, false, 7.5, "Tosca + supper = 100 %"],
      expect.objectContaining({ consumer_id: "52806", is_trial: "false", purchased_amount: "7.5" }),
    ]);
  });

  test("handles a redelivery once, and a failed event again", async () => {
    const { sender, receiver, events, url } = await serve();
    const [first, second] = await sender.duplicate(url, "payment.card.success");
    expect([first.outcome, second.outcome]).toEqual(["handled", "duplicate"]);
    expect(events).toHaveLength(1);
    receiver.on("subscribe.success", (_event, { attempt }) => {
      if (attempt === 1) throw new Error("the database is away");
    });
    const { attempts } = await sender.sendUntilAccepted(url, "subscribe.success");
    expect(attempts.map(({ status, outcome }) => `${status} ${outcome}`)).toEqual(["500 failed", "200 handled"]);
  });

  test.each([
    ["tampered", 401],
    ["truncated", 401],
    ["wrongKey", 401],
    ["unsigned", 401],
    ["oversized", 413],
  ] as const)("refuses what is %s", async (fault, status) => {
    const { sender, events, url } = await serve();
    expect(await sender.send(url, "payment.card.success", { fault })).toMatchObject({ status, outcome: "rejected" });
    expect(events).toEqual([]);
  });

  test("refuses a form that says the same in other bytes", async () => {
    const { sender, events, url } = await serve();
    const { headers, body } = await sender.build("payment.card.success");
    const text = Buffer.from(body).toString();
    const others = [
      text.replaceAll("+", "%20"),
      text.split("&").toReversed().join("&"),
      new URLSearchParams(text).toString().replaceAll("%5B", "["),
      `${text}&`,
    ];
    for (const other of others) {
      expect(other).not.toBe(text);
      expect(await post(url, { headers, body: other })).toMatchObject({
        status: 401,
        text: '{"error":"ERR_SIGNATURE_MISMATCH"}',
      });
    }
    expect((await post(url, { headers, body })).status).toBe(200);
    expect(events).toHaveLength(1);
  });

  test("works behind a parser of forms that keeps the bytes, and beside parsers of other bodies", async () => {
    for (const extended of [true, false]) {
      const { sender, events, url } = await serve(
        express.urlencoded({ extended, verify: keepRawBody }),
        express.json(),
      );
      expect(await sender.send(url, "customer.updated")).toMatchObject({ status: 200, outcome: "handled" });
      expect(events).toHaveLength(1);
    }
  });

  test("names the line to move behind a parser of forms that kept nothing", async () => {
    const { sender, events, reports, url } = await serve(express.urlencoded({ extended: true }));
    expect(await sender.send(url, "customer.updated")).toMatchObject({ status: 500, code: "ERR_BODY_CONSUMED" });
    expect(reports[0]?.error?.help).toContain('post("/hook"');
    expect(events).toEqual([]);
  });
});
