import { createReceiver, toIncomingDelivery } from "@hooklatch/core";
import { toExpress } from "@hooklatch/express";
import { createMockSender } from "@hooklatch/mock-sender";
import { awsSnsMock } from "@hooklatch/mock-sender/aws-sns";
import { awsSns } from "@hooklatch/providers/aws-sns";
import type { AwsSnsOptions, Fetch } from "@hooklatch/providers/aws-sns";
import express from "express";
import { describe, expect, onTestFinished, test, vi } from "vitest";

import { listen } from "../support/hosts.ts";
import * as aws from "../support/signed-by-aws.ts";

type Body = Readonly<Record<string, unknown>>;

describe("what AWS itself has signed", () => {
  const serveCertificate = () => vi.fn<Fetch>(async () => new Response(aws.certificate));

  const both = { topics: [aws.topicArn], signatureVersions: ["1", "2"] } as const;

  function setUp(
    options: Partial<AwsSnsOptions> = {},
    fetch = serveCertificate(),
    atMs = aws.nowMs,
    provider = awsSns({ ...both, fetch, ...options }),
  ) {
    const clock = { nowMs: () => atMs, setTimer: () => () => {} };
    const receiver = createReceiver({ provider, clock, onOutcome: () => undefined });
    const seen: unknown[] = [];
    receiver.on("*", ({ id, type }) => void seen.push([type, id]));
    const post = async (body: Body | string): Promise<string> => {
      const headers = { "content-type": "text/plain; charset=UTF-8", "x-amz-sns-message-type": "Notification" };
      const bytes = Buffer.from(typeof body === "string" ? body : JSON.stringify(body, undefined, 2));
      const { reply, outcome, error } = await receiver.receive(toIncomingDelivery({ headers, body: bytes }));
      return `${outcome} ${reply.status}${error === undefined ? "" : ` ${error.code}`}`;
    };
    return { fetch, seen, post };
  }

  test("is handled once, with one certificate fetched for all of it", async () => {
    const { fetch, seen, post } = setUp();
    for (const body of [aws.withSubject, aws.withoutSubject, aws.unsubscribed]) {
      expect(await post(body)).toBe("handled 200");
      expect(await post(body)).toBe("duplicate 200");
      // The same message with its fields in another order, and with other unsigned ones.
      const reordered = Object.fromEntries(
        Object.entries({ ...body, UnsubscribeURL: "https://x.example" }).toReversed(),
      );
      expect(await post(reordered)).toBe("duplicate 200");
    }
    expect(seen).toEqual([
      ["Notification", aws.withSubject.MessageId],
      ["Notification", aws.withoutSubject.MessageId],
      ["UnsubscribeConfirmation", aws.unsubscribed.MessageId],
    ]);
    expect(fetch.mock.calls.map(([url]) => url)).toEqual([aws.certificateUrl]);
  });

  test("is refused with any character of a signed field changed", async () => {
    const { seen, post } = setUp();
    for (const body of [aws.withSubject, aws.withoutSubject, aws.unsubscribed]) {
      const { SigningCertURL: _url, SignatureVersion: _version, ...signed } = body;
      for (const [name, value] of Object.entries(signed)) {
        for (let index = 0; index < value.length; index += 7) {
          const changed = value.slice(0, index) + (value[index] === "a" ? "b" : "a") + value.slice(index + 1);
          expect(await post({ ...body, [name]: changed })).toMatch(/^rejected 40[01] /);
        }
      }
    }
    expect(seen).toEqual([]);
  });

  test("is refused with the fields of another message", async () => {
    const { post } = setUp();
    for (const name of ["Message", "MessageId", "Timestamp", "Signature"] as const) {
      const mixed = { ...aws.withSubject, [name]: aws.withoutSubject[name] };
      expect(await post(mixed)).toBe("rejected 401 ERR_SIGNATURE_MISMATCH");
    }
    expect(await post({ ...aws.withoutSubject, Subject: "My message subject" })).toBe(
      "rejected 401 ERR_SIGNATURE_MISMATCH",
    );
    const { Subject, ...rest } = aws.withSubject;
    expect(await post(rest)).toBe("rejected 401 ERR_SIGNATURE_MISMATCH");
    const smuggled = { ...rest, MessageId: `${rest.MessageId}\nSubject\n${Subject}` };
    expect(await post(smuggled)).toBe("rejected 401 ERR_SIGNATURE_MALFORMED");
  });

  test("is refused in version 1 unless that is asked for", async () => {
    const fetch = serveCertificate();
    const provider = awsSns({ topics: [aws.topicArn], fetch });
    const { post } = setUp({}, fetch, aws.nowMs, provider);
    expect(await post(aws.withSubject)).toBe("rejected 401 ERR_SIGNATURE_MALFORMED");
    expect(fetch).not.toHaveBeenCalled();
    expect(await post(aws.withoutSubject)).toBe("handled 200");
  });

  test("is refused for another topic, and from another address, with nothing fetched", async () => {
    const other = setUp({ topics: ["arn:aws:sns:us-west-2:131990247566:another-topic"] });
    expect(await other.post(aws.withSubject)).toBe("rejected 401 ERR_SOURCE_NOT_ALLOWED");
    const { fetch, post } = setUp();
    const SigningCertURL = aws.certificateUrl.replace("us-west-2", "us-east-1");
    expect(await post({ ...aws.withSubject, SigningCertURL })).toBe("rejected 401 ERR_SIGNATURE_MALFORMED");
    expect([...other.fetch.mock.calls, ...fetch.mock.calls]).toEqual([]);
  });

  test("is refused once the certificate has expired, though the message may be old", async () => {
    const year = { toleranceMs: 366 * 86_400_000 };
    const lastMs = Date.UTC(2026, 9, 14, 23, 59, 59);
    expect(await setUp(year, serveCertificate(), lastMs).post(aws.withSubject)).toBe("handled 200");
    const late = setUp(year, serveCertificate(), lastMs + 1000);
    expect(await late.post(aws.withSubject)).toBe("rejected 401 ERR_SIGNATURE_MISMATCH");
  });

  test("is too old after a day", async () => {
    const { post } = setUp({}, serveCertificate(), aws.nowMs + 86_400_000);
    expect(await post(aws.withSubject)).toBe("rejected 401 ERR_TIMESTAMP_STALE");
  });

  test("is handled on the next attempt when the certificate could not be fetched at first", async () => {
    const fetch = serveCertificate().mockRejectedValueOnce(new TypeError("fetch failed"));
    let atMs = aws.nowMs;
    const clock = { nowMs: () => atMs, setTimer: () => () => {} };
    const provider = awsSns({ topics: [aws.topicArn], fetch });
    const receiver = createReceiver({ provider, clock, onOutcome: () => undefined }).on("*", () => {});
    const headers = { "content-type": "text/plain", "x-amz-sns-message-type": "Notification" };
    const body = Buffer.from(JSON.stringify(aws.withoutSubject));
    expect((await receiver.receive(toIncomingDelivery({ headers, body }))).reply).toMatchObject({
      status: 503,
      body: '{"error":"ERR_KEY_SOURCE_UNAVAILABLE"}',
    });
    atMs += 20_000;
    expect((await receiver.receive(toIncomingDelivery({ headers, body }))).outcome).toBe("handled");
  });
});

/** A sender, and an Express app on loopback that is configured as from environment variables. */
async function serve(options: Partial<AwsSnsOptions> = {}) {
  const sender = createMockSender(awsSnsMock());
  const { topicArn, fetch } = sender.credentials;
  const asked = vi.fn<Fetch>(fetch);
  const provider = awsSns({ topics: [topicArn], fetch: asked, ...options });
  const receiver = createReceiver({ provider, clock: sender.clock, onOutcome: () => undefined });
  const app = express().use(express.json()).post("/webhooks/aws-sns", toExpress(receiver));
  const running = await listen((request, response) => void app(request, response));
  onTestFinished(() => running.close());
  const confirmations = () => asked.mock.calls.filter(([url]) => url.includes("ConfirmSubscription"));
  return { sender, receiver, asked, confirmations, url: `http://127.0.0.1:${running.port}/webhooks/aws-sns` };
}

describe("over HTTP", () => {
  test("a notification, and a handler that fails at first", async () => {
    const { sender, receiver, url } = await serve();
    const seen: unknown[] = [];
    receiver.on("Notification", ({ payload }) => {
      seen.push([payload.Subject, payload.unsigned.MessageAttributes["kind"]?.Value]);
      if (seen.length === 1) throw new Error("not yet");
    });
    const { accepted, attempts } = await sender.sendUntilAccepted(url, "Notification");
    expect([accepted, attempts.map(({ status }) => status)]).toEqual([true, [500, 200]]);
    expect(seen).toEqual([
      ["Order paid", "order.paid"],
      ["Order paid", "order.paid"],
    ]);
  });

  test("a subscription is confirmed only when that is asked for; else it is an event", async () => {
    const { sender, receiver, confirmations, url } = await serve();
    const tokens: string[] = [];
    receiver.on("SubscriptionConfirmation", ({ payload }) => void tokens.push(payload.Token));
    expect((await sender.send(url, "SubscriptionConfirmation")).outcome).toBe("handled");
    expect(tokens).toHaveLength(1);
    expect(confirmations()).toEqual([]);
  });

  test("a subscription is confirmed when that is asked for, and the end of one is left alone", async () => {
    const { sender, receiver, confirmations, url } = await serve({ confirmSubscriptions: true });
    const seen: string[] = [];
    receiver.on("*", ({ type }) => void seen.push(type));
    const Token = "0123abcd";
    const confirmed = await sender.send(url, "SubscriptionConfirmation", { payload: { Token } });
    expect([confirmed.status, confirmed.reply.body]).toEqual([200, '{"outcome":"handled"}']);
    expect((await sender.send(url, "UnsubscribeConfirmation")).outcome).toBe("handled");
    expect(seen).toEqual(["UnsubscribeConfirmation"]);
    expect(confirmations()).toHaveLength(1);
    const address = new URL(confirmations()[0]?.[0] ?? "");
    expect([address.origin, address.searchParams.get("Token"), address.searchParams.get("TopicArn")]).toEqual([
      "https://sns.ap-southeast-1.amazonaws.com",
      Token,
      sender.credentials.topicArn,
    ]);
  });

  test("a subscription is not confirmed for a stranger: another topic, a wrong signature, a changed token", async () => {
    const { sender, asked, confirmations, url } = await serve({ confirmSubscriptions: true });
    const TopicArn = `${sender.credentials.topicArn}-of-somebody-else`;
    const other = await sender.send(url, "SubscriptionConfirmation", { payload: { TopicArn } });
    expect([other.status, other.code]).toEqual([401, "ERR_SOURCE_NOT_ALLOWED"]);
    expect(asked).not.toHaveBeenCalled();
    for (const fault of ["wrongKey", "tampered", "unsigned"] as const) {
      expect((await sender.send(url, "SubscriptionConfirmation", { fault })).outcome).toBe("rejected");
    }
    expect(confirmations()).toEqual([]);
  });

  test("a confirmation that AWS does not take is sent again", async () => {
    const { sender, asked, url } = await serve({ confirmSubscriptions: true });
    const answer = sender.credentials.fetch;
    let faults = 2;
    asked.mockImplementation(async (address, request) =>
      address.includes("ConfirmSubscription") && faults-- > 0
        ? new Response("", { status: 500 })
        : answer(address, request),
    );
    const { accepted, attempts } = await sender.sendUntilAccepted(url, "SubscriptionConfirmation");
    expect([accepted, attempts.map(({ status }) => status)]).toEqual([true, [503, 503, 200]]);
    expect(attempts[0]?.code).toBe("ERR_HANDSHAKE_FAILED");
  });

  test("a raw delivery is refused with no signature to look at", async () => {
    const { sender, url } = await serve();
    const headers = { "x-amz-sns-rawdelivery": "true" };
    const { status, code } = await sender.send(url, "Notification", { headers });
    expect([status, code]).toEqual([401, "ERR_SIGNATURE_MISSING"]);
  });
});
