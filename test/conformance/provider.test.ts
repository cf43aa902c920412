import { readdirSync, statSync } from "node:fs";
import { isUtf8 } from "node:buffer";
import { join } from "node:path";

import { providerConformance } from "@hooklatch/conformance/provider";
import type { ConformanceCase } from "@hooklatch/conformance/provider";
import { awsSnsMock } from "@hooklatch/mock-sender/aws-sns";
import { chipSendMock } from "@hooklatch/mock-sender/chip-send";
import { chipMock } from "@hooklatch/mock-sender/chip";
import { cleengMock } from "@hooklatch/mock-sender/cleeng";
import { enderpayMock } from "@hooklatch/mock-sender/enderpay";
import { githubMock } from "@hooklatch/mock-sender/github";
import { inplayerMock } from "@hooklatch/mock-sender/inplayer";
import { paddleMock } from "@hooklatch/mock-sender/paddle";
import { shopifyMock } from "@hooklatch/mock-sender/shopify";
import { slackMock } from "@hooklatch/mock-sender/slack";
import { standardWebhooksMock } from "@hooklatch/mock-sender/standard-webhooks";
import { stripeMock } from "@hooklatch/mock-sender/stripe";
import { chipSend } from "@hooklatch/providers/chip-send";
import { chip } from "@hooklatch/providers/chip";
import { cleeng } from "@hooklatch/providers/cleeng";
import { enderpay } from "@hooklatch/providers/enderpay";
import { github } from "@hooklatch/providers/github";
import { inplayer } from "@hooklatch/providers/inplayer";
import { paddle } from "@hooklatch/providers/paddle";
import { shopify } from "@hooklatch/providers/shopify";
import { slack } from "@hooklatch/providers/slack";
import { standardWebhooksProvider } from "@hooklatch/providers/standard-webhooks";
import { stripe } from "@hooklatch/providers/stripe";
import { describe, expect, test } from "vitest";

const secretOf = ({ secret }: { readonly secret: string }): string => secret;
const publicKeyOf = ({ publicKey }: { readonly publicKey: string }): string => publicKey;

function readJson(body: Uint8Array): Readonly<Record<string, unknown>> {
  const fields: unknown = JSON.parse(Buffer.from(body).toString());
  return typeof fields === "object" && fields !== null ? { ...fields } : {};
}

/** SNS puts its proof into the body. What has no room for one is sent without, and must be refused all the same. */
function patientSnsMock(): ReturnType<typeof awsSnsMock> {
  const mock = awsSnsMock();
  return {
    ...mock,
    async sign(request, signing) {
      const proofless = { ...request, headers: { ...request.headers, "x-amz-sns-message-type": "Notification" } };
      if (!isUtf8(request.body)) return proofless;
      try {
        return await mock.sign(request, signing);
      } catch {
        return proofless;
      }
    },
  };
}

/** One row for each folder of providers. */
const rows: Readonly<Record<string, readonly ConformanceCase[]>> = {
  "aws-sns": providerConformance({
    mock: patientSnsMock,
    // In the body, as one of its fields.
    signature: {
      read: ({ body }) => String(readJson(body)["Signature"]),
      write: (request, signature) => {
        const { Signature: _old, ...fields } = readJson(request.body);
        const changed = signature === undefined ? fields : { ...fields, Signature: signature };
        return { ...request, body: new Uint8Array(Buffer.from(JSON.stringify(changed))) };
      },
    },
    // MessageAttributes and UnsubscribeURL are not signed.
    signedPart: (payload) => ({ ...(typeof payload === "object" ? payload : {}), unsigned: undefined }),
    doesNotApply: {
      rotation: "AWS names its certificate in each message; there is nothing to configure",
      "missing-key": "AWS names its certificate in each message; there is nothing to configure",
      "header-changes": "SNS signs no header; the one that it always sends only keeps other requests away",
      "odd-times": "The time is a field of the message, signed once when it is published",
    },
  }),
  chip: providerConformance({
    mock: () => chipMock(),
    signature: { header: "x-signature" },
    keys: {
      of: publicKeyOf,
      // One PEM, a list or a function, as any other provider takes them.
      provider: (keys) => chip({ publicKey: keys }),
    },
  }),
  "chip-send": providerConformance({
    mock: () => chipSendMock(),
    signature: { header: "x-signature" },
    keys: { of: publicKeyOf, provider: (keys) => chipSend({ publicKey: keys }) },
  }),
  cleeng: providerConformance({
    mock: () => cleengMock(),
    signature: { header: "x-mock-signature" },
    keys: {
      of: secretOf,
      provider: (secrets) =>
        cleeng({ secrets, signature: { header: "x-mock-signature", encoding: "hex", prefix: "sha256=" } }),
    },
  }),
  enderpay: providerConformance({
    mock: () => enderpayMock(),
    // The last segment of the path.
    signature: {
      read: ({ url }) => decodeURIComponent(new URL(url).pathname.split("/").at(-1) ?? ""),
      write: (request, secret) => ({
        ...request,
        url: request.url.replace(/\/[^/]*$/, () => (secret === undefined ? "" : `/${encodeURIComponent(secret)}`)),
      }),
    },
    keys: { of: secretOf, provider: (secrets) => enderpay({ secrets }) },
    doesNotApply: {
      "body-changes": "Enderpay signs nothing; its secret proves who calls and says nothing of the body",
    },
  }),
  github: providerConformance({
    mock: () => githubMock(),
    signature: { header: "x-hub-signature-256" },
    keys: { of: secretOf, provider: (secrets) => github({ secrets }) },
  }),
  inplayer: providerConformance({
    mock: () => inplayerMock(),
    signature: { header: "x-inplayer-signature" },
    keys: { of: secretOf, provider: (secrets) => inplayer({ secrets }) },
  }),
  paddle: providerConformance({
    mock: () => paddleMock(),
    signature: { header: "paddle-signature" },
    keys: { of: secretOf, provider: (secrets) => paddle({ secrets }) },
  }),
  shopify: providerConformance({
    mock: () => shopifyMock(),
    signature: { header: "x-shopify-hmac-sha256" },
    keys: { of: secretOf, provider: (secrets) => shopify({ secrets }) },
    unsignedInId: {
      "x-shopify-topic": "An order that is made and paid at once comes as two topics, at times with the same bytes",
    },
  }),
  slack: providerConformance({
    mock: () => slackMock(),
    signature: { header: "x-slack-signature" },
    keys: { of: secretOf, provider: (secrets) => slack({ secrets }) },
  }),
  "standard-webhooks": providerConformance({
    mock: () => standardWebhooksMock(),
    signature: { header: "webhook-signature" },
    keys: { of: secretOf, provider: (secrets) => standardWebhooksProvider({ name: "standard-webhooks", secrets }) },
  }),
  stripe: providerConformance({
    mock: () => stripeMock(),
    signature: { header: "stripe-signature" },
    keys: { of: secretOf, provider: (secrets) => stripe({ secrets }) },
  }),
};

/** What a platform can be set up to do otherwise. */
const variants: Readonly<Record<string, readonly ConformanceCase[]>> = {
  "enderpay with its secret in the query": providerConformance({
    mock: () => enderpayMock({ secretIn: { in: "query", name: "key" } }),
    signature: {
      read: ({ url }) => new URL(url).searchParams.get("key") ?? "",
      write(request, secret) {
        const url = new URL(request.url);
        if (secret === undefined) url.searchParams.delete("key");
        else url.searchParams.set("key", secret);
        return { ...request, url: url.href };
      },
    },
    keys: { of: secretOf, provider: (secrets) => enderpay({ secrets, secretIn: { in: "query", name: "key" } }) },
    doesNotApply: { "body-changes": "Enderpay signs nothing, wherever its secret stands" },
  }),
  "standard-webhooks of Svix, with public keys": providerConformance({
    mock: () => standardWebhooksMock({ version: "v1a", headers: "svix" }),
    signature: { header: "svix-signature" },
    keys: {
      of: publicKeyOf,
      provider: (publicKeys) => standardWebhooksProvider({ name: "standard-webhooks", headers: "svix", publicKeys }),
    },
  }),
};

describe.each(Object.entries({ ...rows, ...variants }))("%s", (_provider, cases) => {
  // Thousands of changed deliveries, of which each is proven or refused for real.
  test.each(cases)("$name", async ({ run }) => expect(run()).resolves.toBeUndefined(), 60_000);
});

/** Refuses every delivery by HTTP, so there is none to change. `packages/providers/src/<name>` tests that it does. */
const overConnections = ["inplayer-notifications"];

test("every provider has a row, unless it takes no deliveries", () => {
  const folder = join(import.meta.dirname, "../../packages/providers/src");
  const providers = readdirSync(folder).filter((name) => statSync(join(folder, name)).isDirectory());
  expect([...Object.keys(rows), ...overConnections].toSorted()).toEqual(providers.toSorted());
});

test("the rows run cases", () => {
  for (const cases of Object.values(rows)) expect(cases.length).toBeGreaterThan(10);
});
