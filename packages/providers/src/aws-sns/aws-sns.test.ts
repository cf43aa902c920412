import { createReceiver, toIncomingDelivery } from "@hooklatch/core";
import { ConfigError } from "@hooklatch/core/errors";
import { afterEach, expect, test, vi } from "vitest";

import { awsSns } from "./aws-sns.ts";
import { awsSnsEventTypes } from "./events.ts";

const topic = "arn:aws:sns:eu-west-1:123456789012:orders";
const notification = {
  Type: "Notification",
  MessageId: "5f0c2d1e-9b7a-4c38-8d21-0a4b6c8e1f35",
  TopicArn: topic,
  Subject: "Paid",
  Message: '{"order":7}',
  Timestamp: "2027-03-01T10:20:30.456Z",
};

afterEach(() => void vi.unstubAllGlobals());

function describeBody(body: Readonly<Record<string, unknown>>) {
  const delivery = { method: "POST", url: "/", receivedAtMs: 0, body: new Uint8Array(), header: () => undefined };
  return awsSns({ topics: [topic] }).describe(body, delivery);
}

function errorOf(options: unknown): string {
  try {
    // @ts-expect-error the types forbid these; JavaScript and unset environment variables do not
    awsSns(options);
  } catch (error) {
    if (error instanceof ConfigError) return `${error.code} ${error.message}`;
  }
  return "none";
}

test("says what core needs to know of SNS", () => {
  const provider = awsSns({ topics: [topic] });
  expect(provider).toMatchObject({
    name: "aws-sns",
    body: "json",
    contentTypes: ["text/plain", "application/json"],
    maxBodyBytes: 2_097_152,
    retryHorizonMs: 172_800_000,
    scheme: { toleranceMs: 86_400_000 },
  });
  expect(provider).not.toHaveProperty("handshake");
  expect(awsSns({ topics: [topic], confirmSubscriptions: false })).not.toHaveProperty("handshake");
  expect(awsSns({ topics: [topic], confirmSubscriptions: true })).toHaveProperty("handshake");
  expect(awsSns({ topics: [topic], maxBodyBytes: 5, toleranceMs: 7 })).toMatchObject({
    maxBodyBytes: 5,
    scheme: { toleranceMs: 7 },
  });
  expect(awsSnsEventTypes).toEqual(["Notification", "SubscriptionConfirmation", "UnsubscribeConfirmation"]);
});

test("makes an event of a notification, with what is not signed set apart", () => {
  const MessageAttributes = { kind: { Type: "String", Value: "paid", more: 1 } };
  const body = { ...notification, MessageAttributes, UnsubscribeURL: "https://x.example", Token: "t", more: 1 };
  expect(describeBody(body)).toEqual({
    id: "5f0c2d1e-9b7a-4c38-8d21-0a4b6c8e1f35",
    type: "Notification",
    payload: { ...notification, unsigned: { MessageAttributes: { kind: { Type: "String", Value: "paid" } } } },
    occurredAtMs: Date.UTC(2027, 2, 1, 10, 20, 30, 456),
  });
});

test.each([undefined, null, "x", 7, [], {}, { a: null, b: "c", d: { Type: "String" }, e: { Type: 1, Value: "v" } }])(
  "leaves out attributes that are none: %j",
  (MessageAttributes) => {
    const { Subject: _, ...rest } = notification;
    expect(describeBody({ ...rest, MessageAttributes }).payload).toEqual({
      ...rest,
      unsigned: { MessageAttributes: {} },
    });
  },
);

test.each(["SubscriptionConfirmation", "UnsubscribeConfirmation"])("makes an event of a %s", (Type) => {
  const { Subject: _, ...rest } = notification;
  const body = { ...rest, Type, Token: "ab12", SubscribeURL: "https://sns.eu-west-1.amazonaws.com/?Action=x" };
  const unsigned = { Subject: "s", MessageAttributes: { a: { Type: "String", Value: "b" } } };
  expect(describeBody({ ...body, ...unsigned })).toMatchObject({ type: Type, id: body.MessageId, payload: body });
  expect(describeBody({ ...body, ...unsigned }).payload).toEqual(body);
});

test.each([
  [{}, "ERR_OPTION_INVALID awsSns: topics must be a list of one topic ARN or more; did you set AWS_SNS_TOPIC_ARN?"],
  [{ topics: [] }, "topics must be a list"],
  [{ topics: [""] }, "topics[0] is blank"],
  [{ topics: [topic], signatureVersions: [] }, 'signatureVersions must be a list of "1", "2" or both'],
  [{ topics: [topic], signatureVersions: [2] }, "signatureVersions must be"],
  [{ topics: [topic], signatureVersions: "2" }, "signatureVersions must be"],
  [{ topics: [topic], signatureVersions: ["2", "3"] }, "signatureVersions must be"],
  [{ topics: [topic], confirmSubscriptions: "false" }, "confirmSubscriptions must be true or false"],
  [{ topics: [topic], toleranceMs: 0 }, "toleranceMs must be a whole number above 0"],
  [{ topics: [topic], toleranceMs: Number.NaN }, "toleranceMs must be"],
  [{ topics: [topic], cacheMs: -1 }, "cacheMs must be"],
])("refuses at start-up: %j", (options, message) => expect(errorOf(options)).toContain(message));

test("asks the global fetch of the moment, and answers 503 when it fails", async () => {
  const clock = { nowMs: () => Date.parse(notification.Timestamp), setTimer: () => () => {} };
  const receiver = createReceiver({ provider: awsSns({ topics: [topic] }), clock, onOutcome: () => {} });
  const fetch = vi.fn(async () => new Response("", { status: 500 }));
  vi.stubGlobal("fetch", fetch);
  const SigningCertURL = `https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-${"a".repeat(32)}.pem`;
  const proof = { SignatureVersion: "2", Signature: Buffer.alloc(256).toString("base64"), SigningCertURL };
  const { reply, error } = await receiver.receive(
    toIncomingDelivery({
      headers: { "content-type": "text/plain; charset=UTF-8", "x-amz-sns-message-type": "Notification" },
      body: Buffer.from(JSON.stringify({ ...notification, ...proof })),
    }),
  );
  expect([reply.status, reply.headers["retry-after"], error?.code]).toEqual([503, "5", "ERR_KEY_SOURCE_UNAVAILABLE"]);
  expect(fetch).toHaveBeenCalledExactlyOnceWith(SigningCertURL, expect.objectContaining({ redirect: "error" }));
});
