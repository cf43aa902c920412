import { createReceiver } from "@hooklatch/core";
import { awsSns, awsSnsEventTypes } from "@hooklatch/providers/aws-sns";
import { describe, expect, it } from "vitest";

import { createMockSender } from "../mock-sender.ts";
import { createMoments } from "../moments.ts";
import { createVirtualClock } from "../virtual-clock.ts";
import { awsSnsMock } from "./aws-sns-mock.ts";

const platform = awsSnsMock();
const sha1 = awsSnsMock({ signatureVersion: "1" });
const moments = () => createMoments(createVirtualClock(Date.UTC(2027, 0, 1, 17, 30)), "aws-sns");

function setUp(mock = platform) {
  const sender = createMockSender(mock);
  const receiver = createReceiver({ provider: sender.provider, clock: sender.clock, onOutcome: () => {} });
  const seen: unknown[] = [];
  receiver.on("*", ({ payload }) => void seen.push(payload));
  return { sender, receiver, seen };
}

describe.each(awsSnsEventTypes)("%s", (type) => {
  it.each([platform, sha1])("is accepted, and reaches handlers as the fixture is", async (mock) => {
    const { sender, receiver, seen } = setUp(mock);
    const [first, second] = await sender.duplicate(receiver, type);
    expect([first.outcome, second.outcome]).toEqual(["handled", "duplicate"]);
    expect(second.eventId).toBe(first.eventId);
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ Type: type, MessageId: first.eventId, TopicArn: mock.credentials.topicArn });
  });

  it.each(["tampered", "truncated", "unsigned", "wrongKey", "oversized"] as const)("is refused %s", async (fault) => {
    const { sender, receiver, seen } = setUp();
    expect((await sender.send(receiver, type, { fault })).outcome).toBe("rejected");
    expect(seen).toEqual([]);
  });

  it("has a fixture that depends on the moment alone", () => {
    const [one, other] = [moments(), moments()];
    const payload = platform.fixture(type, one());
    expect(platform.fixture(type, other())).toEqual(payload);
    expect(platform.fixture(type, one()).MessageId).not.toBe(payload.MessageId);
    expect(payload.Timestamp).toBe("2027-01-01T17:30:00.000Z");
  });
});

describe("awsSnsMock", () => {
  it("knows every event type, and tries four times within a minute", () => {
    expect(platform.types).toBe(awsSnsEventTypes);
    expect(platform.attemptsDueMs).toEqual([0, 20_000, 40_000, 60_000]);
  });

  it("writes bodies as SNS does", async () => {
    const { headers, body } = await setUp().sender.build("Notification", { payload: { Message: "hi" } });
    expect(headers).toMatchObject({
      "content-type": "text/plain; charset=UTF-8",
      "x-amz-sns-message-type": "Notification",
      "x-amz-sns-topic-arn": platform.credentials.topicArn,
    });
    const lines = Buffer.from(body).toString().split("\n");
    expect(lines[1]).toBe('  "Type" : "Notification",');
    const names = lines.flatMap((line) => /^ {2}"(\w+)" : /.exec(line)?.[1] ?? []);
    expect(names.join()).toBe(
      "Type,MessageId,TopicArn,Subject,Message,Timestamp,SignatureVersion,Signature,SigningCertURL,UnsubscribeURL,MessageAttributes",
    );
  });

  it("signs what an override changes, and a subject that is taken away", async () => {
    const { sender, receiver, seen } = setUp();
    const payload = { Message: "a\nMessageId\nb ☕", Subject: undefined, unsigned: { MessageAttributes: undefined } };
    expect((await sender.send(receiver, "Notification", { payload })).outcome).toBe("handled");
    expect(seen[0]).toMatchObject({ Message: payload.Message, unsigned: { MessageAttributes: {} } });
    expect(seen[0]).not.toHaveProperty("Subject");
  });

  it("pads a body without breaking it", async () => {
    const { sender, receiver } = setUp();
    expect((await sender.send(receiver, "Notification", { bodyBytes: 100_000 })).outcome).toBe("handled");
  });

  it("has credentials that an app of one's own is set up with, and a certificate of its own", async () => {
    const { topicArn, fetch } = platform.credentials;
    const provider = awsSns({ topics: [topicArn], fetch });
    const { sender } = setUp();
    const receiver = createReceiver({ provider, clock: sender.clock, onOutcome: () => {} }).on("*", () => {});
    expect((await sender.send(receiver, "Notification")).outcome).toBe("handled");
    const stranger = createMockSender(awsSnsMock({ topicArn }), { clock: sender.clock });
    expect((await stranger.send(receiver, "Notification")).code).toBe("ERR_SIGNATURE_MISMATCH");
  });

  it("confirms subscriptions to its topic when it is told to", async () => {
    const { sender, receiver, seen } = setUp(awsSnsMock({ confirmSubscriptions: true }));
    expect(await sender.send(receiver, "SubscriptionConfirmation")).toMatchObject({ status: 200, outcome: "handled" });
    expect(seen).toEqual([]);
  });

  it("has AWS answer for nothing else", async () => {
    const { fetch, topicArn } = platform.credentials;
    const request = { method: "GET", redirect: "error", signal: new AbortController().signal } as const;
    const ask = async (url: string) => (await fetch(url, request)).status;
    const confirm = (topic: string) =>
      `https://sns.ap-southeast-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${topic}`;
    expect(await ask(`${confirm(topicArn)}&Token=1`)).toBe(200);
    expect(await ask(confirm(topicArn))).toBe(404);
    expect(await ask(`${confirm(`${topicArn}2`)}&Token=1`)).toBe(404);
    expect(await ask("https://sns.ap-southeast-1.amazonaws.com/SimpleNotificationService-0.pem")).toBe(404);
  });

  it.each(["", "orders", "arn:aws-cn:sns:cn-north-1:123456789012:orders"])("refuses the topic %j", (topicArn) => {
    expect(() => awsSnsMock({ topicArn })).toThrow("topicArn");
  });
});
