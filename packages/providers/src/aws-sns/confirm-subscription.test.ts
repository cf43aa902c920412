import { BackendError } from "@hooklatch/core/errors";
import { expect, test } from "vitest";

import { confirmSubscription } from "./confirm-subscription.ts";
import { readTopics } from "./read-topics.ts";

const topic = "arn:aws-cn:sns:cn-north-1:123456789012:orders";
const body = {
  Type: "SubscriptionConfirmation",
  MessageId: "5f0c2d1e-9b7a-4c38-8d21-0a4b6c8e1f35",
  TopicArn: topic,
  Message: "Please confirm",
  Timestamp: "2027-03-01T10:20:30.456Z",
  Token: "ab+12/3=",
  SubscribeURL: "https://sns.cn-north-1.amazonaws.com.cn/?Action=DeleteTopic",
};

function setUp(answer: () => Response | Promise<Response> = () => new Response("<ok/>")) {
  const asked: string[] = [];
  const handshake = confirmSubscription({
    topics: readTopics([topic]),
    async fetch(url, request) {
      asked.push(`${request.method} ${request.redirect} ${url}`);
      return answer();
    },
  });
  return { asked, handshake };
}

test("asks AWS in the topic's region for one thing only, whatever SubscribeURL says", async () => {
  const { asked, handshake } = setUp();
  expect(await handshake(body)).toEqual({
    status: 200,
    headers: { "content-type": "application/json" },
    body: '{"outcome":"handled"}',
  });
  expect(asked).toHaveLength(1);
  const [, , address = ""] = asked[0]?.split(" ") ?? [];
  expect(asked[0]).toMatch(/^GET error https:/);
  const { origin, pathname, searchParams } = new URL(address);
  expect([origin, pathname]).toEqual(["https://sns.cn-north-1.amazonaws.com.cn", "/"]);
  expect([...searchParams]).toEqual([
    ["Action", "ConfirmSubscription"],
    ["TopicArn", topic],
    ["Token", "ab+12/3="],
  ]);
});

test.each([
  { ...body, Type: "UnsubscribeConfirmation" },
  { ...body, Type: "Notification" },
  { ...body, TopicArn: "arn:aws-cn:sns:cn-north-1:123456789012:other" },
  {},
])("asks nothing for any other message: %j", async (other) => {
  const { asked, handshake } = setUp();
  expect(await handshake(other)).toBeUndefined();
  expect(asked).toEqual([]);
});

test.each([
  ["400", () => new Response("", { status: 400 })],
  ["500", () => new Response("", { status: 500 })],
  ["a redirect", () => new Response(null, { status: 302, headers: { location: "https://evil.example" } })],
  ["too much", () => new Response("x".repeat(20_000))],
  ["a network fault", async () => Promise.reject(new Error(`fetch failed: ${body.Token}`))],
])("tells SNS to try again after %s, and tells nobody the token", async (_what, answer) => {
  const error = await Promise.resolve(setUp(answer).handshake(body)).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(BackendError);
  expect(error).toMatchObject({ code: "ERR_HANDSHAKE_FAILED", status: 503, cause: expect.any(Error) });
  for (let shown = error; shown instanceof Error; shown = shown.cause) expect(shown.stack).not.toContain(body.Token);
});
