import { createHmac } from "node:crypto";

import { createReceiver, toIncomingDelivery } from "@hooklatch/core";
import type { Provider } from "@hooklatch/core";
import { describe, expect, test } from "vitest";

import { github } from "./github/index.ts";
import { paddle } from "./paddle/index.ts";
import type { SecretOptions } from "./secret-options.ts";
import { shopify } from "./shopify/index.ts";
import { slack } from "./slack/index.ts";
import { stripe } from "./stripe/index.ts";

type Headers = Readonly<Record<string, string>>;

/** A platform that signs with a shared secret, as its documentation says. */
interface Platform {
  readonly name: string;
  readonly provider: (options: SecretOptions) => Provider<unknown>;
  readonly variable: string;
  readonly signatureHeader: string;
  /** Whether the time is signed. */
  readonly isTimed: boolean;
  readonly body: string;
  readonly sign: (body: Uint8Array | string, secret: string, time: string) => Headers;
}

const hex = (secret: string, ...content: readonly (string | Uint8Array)[]): string => digest(secret, content, "hex");

function digest(secret: string, content: readonly (string | Uint8Array)[], encoding: "hex" | "base64"): string {
  const mac = createHmac("sha256", secret);
  for (const part of content) mac.update(part);
  return mac.digest(encoding);
}

const platforms: readonly Platform[] = [
  {
    name: "stripe",
    provider: stripe,
    variable: "STRIPE_WEBHOOK_SECRET",
    signatureHeader: "stripe-signature",
    isTimed: true,
    body: '{"id": "evt_1", "object": "event", "type": "invoice.paid", "created": 1760000000, "data": {"object": {}}}',
    sign: (body, secret, time) => ({ "stripe-signature": `t=${time},v1=${hex(secret, time, ".", body)}` }),
  },
  {
    name: "github",
    provider: github,
    variable: "GITHUB_WEBHOOK_SECRET",
    signatureHeader: "x-hub-signature-256",
    isTimed: false,
    body: '{"zen":"Keep it logically awesome.","hook_id":1}',
    sign: (body, secret) => ({ "x-hub-signature-256": `sha256=${hex(secret, body)}`, "x-github-event": "ping" }),
  },
  {
    name: "shopify",
    provider: shopify,
    variable: "SHOPIFY_API_SECRET",
    signatureHeader: "x-shopify-hmac-sha256",
    isTimed: false,
    body: '{"id":1,"note":"a \\u0026 b"}',
    sign: (body, secret) => ({
      "x-shopify-hmac-sha256": digest(secret, [body], "base64"),
      "x-shopify-topic": "orders/create",
    }),
  },
  {
    name: "paddle",
    provider: paddle,
    variable: "PADDLE_WEBHOOK_SECRET",
    signatureHeader: "paddle-signature",
    isTimed: true,
    body: '{"event_id":"evt_1","event_type":"customer.created","occurred_at":"2025-10-09T08:53:20.000001Z","data":{}}',
    sign: (body, secret, time) => ({ "paddle-signature": `ts=${time};h1=${hex(secret, time, ":", body)}` }),
  },
  {
    name: "slack",
    provider: slack,
    variable: "SLACK_SIGNING_SECRET",
    signatureHeader: "x-slack-signature",
    isTimed: true,
    body: '{"type":"event_callback","event_id":"Ev1","event_time":1760000000,"event":{"type":"app_mention"}}',
    sign: (body, secret, time) => ({
      "x-slack-request-timestamp": time,
      "x-slack-signature": `v0=${hex(secret, "v0:", time, ":", body)}`,
    }),
  },
];

const [secret, nextSecret, foreignSecret] = ["4c6a616d70-first", "4c6a616d70-second", "4c6a616d70-other"];
const nowS = 1_760_000_000;

/** A receiver on a clock that stands still, and what it makes of requests. */
function receiverOf(provider: Provider<unknown>) {
  const clock = { atMs: nowS * 1000, nowMs: () => clock.atMs, setTimer: () => () => {} };
  const receiver = createReceiver({ provider, clock, onOutcome: () => undefined });
  const ids: string[] = [];
  receiver.on("*", ({ id }) => void ids.push(id));
  const post = async (body: Uint8Array | string, headers: Headers): Promise<string> => {
    const { outcome, reply } = await receiver.receive(
      toIncomingDelivery({ headers: { "content-type": "application/json", ...headers }, body: Buffer.from(body) }),
    );
    return reply.status === 200 ? outcome : `${outcome} ${reply.status}`;
  };
  return { clock, ids, post };
}

describe.each(platforms)("$name", ({ provider, variable, signatureHeader, body, sign }) => {
  const { ids, post } = receiverOf(provider({ secrets: secret }));
  const headers = sign(body, secret, String(nowS));
  const value = headers[signatureHeader] ?? "";

  test("accepts what is signed with the secret, and takes a redelivery for what it is", async () => {
    const fresh = receiverOf(provider({ secrets: secret }));
    expect(await fresh.post(body, headers)).toBe("handled");
    expect(await fresh.post(body, headers)).toBe("duplicate");
    fresh.clock.atMs += 600_000;
    // Where a time is signed, each attempt has its own.
    expect(await fresh.post(body, sign(body, secret, String(nowS + 600)))).toBe("duplicate");
    expect(fresh.ids).toHaveLength(1);
  });

  test("makes the same id of the same bytes in another process", async () => {
    const seen = await Promise.all(
      [1, 2].map(async () => {
        const fresh = receiverOf(provider({ secrets: secret }));
        await fresh.post(body, headers);
        return fresh.ids[0];
      }),
    );
    expect(seen[0]).toBeDefined();
    expect(seen[1]).toBe(seen[0]);
  });

  test("refuses every change of one byte of the body", async () => {
    for (let index = 0; index < body.length; index++) {
      const changed = Buffer.from(body);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(await post(changed, headers)).toBe("rejected 401");
    }
    expect(await post(`${body}\n`, headers)).toBe("rejected 401");
    expect(await post(body.slice(0, -1), headers)).toBe("rejected 401");
    expect(await post(JSON.stringify(JSON.parse(body), undefined, 3), headers)).toBe("rejected 401");
  });

  test("refuses every change of one character of the signature header", async () => {
    for (let index = 0; index < value.length; index++) {
      const other = value[index] === "0" ? "1" : "0";
      const changed = value.slice(0, index) + other + value.slice(index + 1);
      expect(await post(body, { ...headers, [signatureHeader]: changed })).toBe("rejected 401");
    }
  });

  test("refuses every proper prefix of the signature header, and the empty one", async () => {
    for (let length = 0; length < value.length; length++) {
      expect(await post(body, { ...headers, [signatureHeader]: value.slice(0, length) })).toBe("rejected 401");
    }
  });

  test("refuses another spelling of the signature", async () => {
    for (const changed of [value.toUpperCase(), `${value}=`, `${value}\n`, ` ${value} x`, `${value}0`]) {
      expect(await post(body, { ...headers, [signatureHeader]: changed })).toBe("rejected 401");
    }
  });

  test.each([
    ["the old one first", [secret, nextSecret]],
    ["the new one first", [nextSecret, secret]],
    ["one of them fetched", [async () => nextSecret, secret]],
  ])("accepts either of two secrets while they are rotated, %s", async (_order, secrets) => {
    const both = provider({ secrets });
    for (const used of [secret, nextSecret]) {
      expect(await receiverOf(both).post(body, sign(body, used, String(nowS)))).toBe("handled");
    }
    expect(await receiverOf(both).post(body, sign(body, foreignSecret, String(nowS)))).toBe("rejected 401");
  });

  test.each(['"str"', "null", "[]", "1", "", "{", '{"a":1}x', Buffer.from([0x7b, 0xff, 0x7d]), "{}", '{"id":{}}'])(
    "answers a signed body that is no event with 400: %s",
    async (odd) => {
      const wrong = signatureHeader === "x-shopify-hmac-sha256" ? { "x-shopify-topic": "Orders" } : {};
      expect(await post(odd, { ...sign(odd, secret, String(nowS)), ...wrong })).toBe("rejected 400");
    },
  );

  test("refuses a delivery without the header, with no byte of the body read", () => {
    expect(provider({ secrets: secret }).scheme.headers).toContain(signatureHeader);
  });

  test("names the environment variable when the secret is missing", () => {
    // @ts-expect-error the types forbid it; an environment variable that is not set does not
    expect(() => provider({ secrets: undefined })).toThrow(`did you set ${variable}?`);
  });

  test("hands on maxBodyBytes, schemas and where fetched secrets are kept", async () => {
    const made = provider({
      secrets: async () => secret,
      cacheMs: 1,
      refreshCooldownMs: 1,
      maxBodyBytes: 9,
      schemas: {},
    });
    expect(made).toMatchObject({ maxBodyBytes: 9, schemas: {}, body: "json" });
    expect(await receiverOf(made).post(body, headers)).toBe("rejected 413");
  });

  test("routed nothing that was refused", () => {
    expect(ids).toEqual([]);
  });
});

describe.each(platforms.filter(({ isTimed }) => isTimed))("the signed time of $name", ({ provider, body, sign }) => {
  const { post } = receiverOf(provider({ secrets: secret }));

  test("accepts a signed time of up to five minutes away, either way, and none beyond", async () => {
    for (const [away, outcome] of [
      [-301, "rejected 401"],
      [-300, "handled"],
      [0, "handled"],
      [300, "handled"],
      [301, "rejected 401"],
      [31_536_000, "rejected 401"],
    ] as const) {
      const fresh = receiverOf(provider({ secrets: secret }));
      expect(await fresh.post(body, sign(body, secret, String(nowS + away)))).toBe(outcome);
    }
  });

  test.each(["NaN", "-1", `${nowS}000`, "1e308", `${nowS}zzz`, ` ${nowS}`, "", `0x${nowS.toString(16)}`])(
    "refuses a time that is signed and none: %j",
    async (time) => {
      expect(await post(body, sign(body, secret, time))).toBe("rejected 401");
    },
  );
});
