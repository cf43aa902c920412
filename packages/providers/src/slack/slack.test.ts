import { createHmac } from "node:crypto";

import { createReceiver, toIncomingDelivery } from "@hooklatch/core";
import type { WebhookEvent } from "@hooklatch/core";
import { expect, test } from "vitest";

import { slack } from "./slack.ts";

const secret = "8f742231b10e8888abcd99yyyzzz85a5";
const nowS = 1531420618;

const v0 = (body: string): string => `v0=${createHmac("sha256", secret).update(`v0:${nowS}:${body}`).digest("hex")}`;

function receiverOf() {
  const clock = { nowMs: () => nowS * 1000, setTimer: () => () => {} };
  const receiver = createReceiver({ provider: slack({ secrets: secret }), clock, onOutcome: () => undefined });
  const events: WebhookEvent[] = [];
  receiver.on("*", (event) => void events.push(event));
  const post = (body: unknown, signature?: string, headers: Readonly<Record<string, string>> = {}) => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    return receiver.receive(
      toIncomingDelivery({
        headers: {
          "content-type": "application/json",
          "x-slack-request-timestamp": String(nowS),
          "x-slack-signature": signature ?? v0(text),
          ...headers,
        },
        body: Buffer.from(text),
      }),
    );
  };
  return { events, post };
}

const mention = {
  type: "event_callback",
  event_id: "Ev0LAMP",
  event_time: nowS - 1,
  team_id: "T0LAMP",
  api_app_id: "A0LAMP",
  event: { type: "app_mention", user: "U0HANA", text: "hello" },
};

test("verifies the example of Slack's documentation, which then is a form and no event", async () => {
  const body =
    "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
  const signature = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";
  const { post } = receiverOf();
  // Past the check: what is wrong with it is not the signature.
  expect((await post(body, signature)).error?.code).toBe("ERR_BODY_MALFORMED");
  expect((await post(`${body}x`, signature)).error?.code).toBe("ERR_SIGNATURE_MISMATCH");
  const form = { "content-type": "application/x-www-form-urlencoded" };
  expect((await post(body, signature, form)).error?.code).toBe("ERR_CONTENT_TYPE_UNSUPPORTED");
});

test("takes type, id and time from the signed body, whatever the headers of a retry say", async () => {
  const { events, post } = receiverOf();
  expect((await post(mention)).outcome).toBe("handled");
  const retry = { "x-slack-retry-num": "1", "x-slack-retry-reason": "http_timeout" };
  expect((await post(mention, undefined, retry)).outcome).toBe("duplicate");
  expect(events).toEqual([
    { id: "Ev0LAMP", type: "app_mention", payload: mention, occurredAt: new Date((nowS - 1) * 1000).toISOString() },
  ]);
});

test("answers the challenge as plain text that no browser takes for a page", async () => {
  const { events, post } = receiverOf();
  const { reply } = await post({
    type: "url_verification",
    token: "old",
    challenge: "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7",
  });
  expect(reply).toEqual({
    status: 200,
    headers: { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" },
    body: "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7",
  });
  expect(events).toEqual([]);
});

test("answers no challenge that is not signed", async () => {
  const { reply } = await receiverOf().post({ type: "url_verification", challenge: "abc" }, `v0=${"0".repeat(64)}`);
  expect([reply.status, reply.body]).toEqual([401, '{"error":"ERR_SIGNATURE_MISMATCH"}']);
});

test.each([undefined, null, 7, "", "<script>alert(1)</script>", "a b", "a\r\nset-cookie: a=b", "x".repeat(257), ["a"]])(
  "sends back nothing of a challenge like %j",
  async (challenge) => {
    const { reply } = await receiverOf().post({ type: "url_verification", challenge });
    expect([reply.status, reply.body]).toEqual([400, '{"error":"ERR_EVENT_UNREADABLE"}']);
  },
);

test("makes the id of a rate limit of its app, team and minute", async () => {
  const { events, post } = receiverOf();
  const limited = { type: "app_rate_limited", team_id: "T0/1", api_app_id: "A0", minute_rate_limited: nowS };
  expect((await post(limited)).outcome).toBe("handled");
  expect((await post({ ...limited, token: "another" })).outcome).toBe("duplicate");
  expect((await post({ ...limited, minute_rate_limited: nowS + 60 })).outcome).toBe("handled");
  expect(events.map(({ id, type }) => [id, type])).toEqual([
    [`app_rate_limited/A0/T0%2F1/${nowS}`, "app_rate_limited"],
    [`app_rate_limited/A0/T0%2F1/${nowS + 60}`, "app_rate_limited"],
  ]);
});

test.each([
  [{ ...mention, event_id: undefined }, "ERR_EVENT_ID_INVALID"],
  [{ ...mention, event_id: "" }, "ERR_EVENT_ID_INVALID"],
  [{ ...mention, event: "app_mention" }, "ERR_EVENT_TYPE_INVALID"],
  [{ ...mention, event: {} }, "ERR_EVENT_TYPE_INVALID"],
  [{ ...mention, event: { type: 1 } }, "ERR_EVENT_TYPE_INVALID"],
  [{ ...mention, event: { type: "app_rate_limited" } }, "ERR_EVENT_TYPE_INVALID"],
  [{ ...mention, type: "block_actions" }, "ERR_EVENT_TYPE_INVALID"],
  [{ type: "app_rate_limited", team_id: "T0", api_app_id: "A0" }, "ERR_EVENT_ID_INVALID"],
  [{ type: "app_rate_limited", team_id: "", api_app_id: "A0", minute_rate_limited: 1 }, "ERR_EVENT_ID_INVALID"],
])("refuses a signed body without type or id: %j", async (body, code) => {
  expect((await receiverOf().post(body)).error?.code).toBe(code);
});

test.each(["xoxb-1-2", "xoxp-1-2", "xapp-1-2"])("refuses a token of the API as the secret: %s", (token) => {
  expect(() => slack({ secrets: token })).toThrow("secrets is a token of Slack's API");
});
