import { generateKeyPairSync } from "node:crypto";

import { ConfigError } from "@hooklatch/core/errors";
import { describe, expect, test } from "vitest";

import { awsSns } from "./aws-sns/index.ts";
import { chipSend } from "./chip-send/index.ts";
import { chip } from "./chip/index.ts";
import { cleeng } from "./cleeng/index.ts";
import { enderpay } from "./enderpay/index.ts";
import { github } from "./github/index.ts";
import { inplayer } from "./inplayer/index.ts";
import { paddle } from "./paddle/index.ts";
import { shopify } from "./shopify/index.ts";
import { slack } from "./slack/index.ts";
import { standardWebhooksProvider } from "./standard-webhooks/index.ts";
import { stripe } from "./stripe/index.ts";

const secrets = "7c1f-a-secret-of-nobody";
const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
const publicKey = pair.publicKey.export({ type: "spki", format: "pem" }).toString();
const signature = { header: "x-our-signature", encoding: "hex" } as const;
const topics = ["arn:aws:sns:eu-west-1:123456789012:orders"];
const standardSecret = `whsec_${Buffer.from(secrets).toString("base64")}`;

type Limit = { readonly maxBodyBytes?: number };

describe.each([
  ["awsSns", (limit: Limit) => awsSns({ topics, ...limit })],
  ["chip", (limit: Limit) => chip({ publicKey, ...limit })],
  ["chipSend", (limit: Limit) => chipSend({ publicKey, ...limit })],
  ["cleeng", (limit: Limit) => cleeng({ secrets, signature, ...limit })],
  ["enderpay", (limit: Limit) => enderpay({ secrets, ...limit })],
  ["github", (limit: Limit) => github({ secrets, ...limit })],
  ["inplayer", (limit: Limit) => inplayer({ secrets, ...limit })],
  ["paddle", (limit: Limit) => paddle({ secrets, ...limit })],
  ["shopify", (limit: Limit) => shopify({ secrets, ...limit })],
  ["slack", (limit: Limit) => slack({ secrets, ...limit })],
  [
    "standardWebhooksProvider",
    (limit: Limit) => standardWebhooksProvider({ name: "a", secrets: standardSecret, ...limit }),
  ],
  ["stripe", (limit: Limit) => stripe({ secrets, ...limit })],
] as const)("maxBodyBytes of %s", (_name, make) => {
  test.each([-1, 0, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "5"])(
    "is refused as %j when the provider is made",
    (bad) => {
      // What a number from an environment variable may be.
      const limit = { maxBodyBytes: bad as number };
      expect(() => make(limit)).toThrow(ConfigError);
      expect(() => make(limit)).toThrow("maxBodyBytes must be a whole number above 0");
    },
  );

  test("is taken as it is, and has a default", () => {
    expect(make({ maxBodyBytes: 9 }).maxBodyBytes).toBe(9);
    expect(make({}).maxBodyBytes).toBeGreaterThan(1024);
  });
});
