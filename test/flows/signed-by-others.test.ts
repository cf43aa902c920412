import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createReceiver, defineProvider, toIncomingDelivery } from "@hooklatch/core";
import type { Provider } from "@hooklatch/core";
import { jwt, standardWebhooks } from "@hooklatch/core/schemes";
import { chipSend } from "@hooklatch/providers/chip-send";
import { chip } from "@hooklatch/providers/chip";
import { cleeng } from "@hooklatch/providers/cleeng";
import { github } from "@hooklatch/providers/github";
import { inplayer } from "@hooklatch/providers/inplayer";
import { paddle } from "@hooklatch/providers/paddle";
import { shopify } from "@hooklatch/providers/shopify";
import { slack } from "@hooklatch/providers/slack";
import { standardWebhooksProvider } from "@hooklatch/providers/standard-webhooks";
import { stripe } from "@hooklatch/providers/stripe";
import { sign } from "@octokit/webhooks-methods";
import { SignJWT, exportSPKI, generateKeyPair } from "jose";
import { Webhook as StandardWebhook } from "standardwebhooks";
import { Stripe } from "stripe";
import { Webhook as SvixWebhook } from "svix";
import { afterAll, describe, expect, test } from "vitest";

type Headers = Readonly<Record<string, string>>;

const now = new Date();
const nowS = String(Math.floor(now.getTime() / 1000));

/** What becomes of a body with these headers, and of the same body with one more byte. */
async function outcomesOf(provider: Provider<unknown>, body: string, headers: Headers): Promise<readonly string[]> {
  const receiver = createReceiver({ provider, onOutcome: () => undefined });
  receiver.on("*", () => {});
  const outcomes: string[] = [];
  for (const text of [body, `${body} `]) {
    const { outcome, error } = await receiver.receive(
      toIncomingDelivery({ headers: { "content-type": "application/json", ...headers }, body: Buffer.from(text) }),
    );
    outcomes.push(error?.code ?? outcome);
  }
  return outcomes;
}

const proven = ["handled", "ERR_SIGNATURE_MISMATCH"];

// A sign for every trap: characters beyond ASCII, replacement patterns, line ends, escapes.
const note = "é ✨ $& $$ \r\n \u0026";
const stripeBody = JSON.stringify({ id: "evt_1", object: "event", type: "invoice.paid", created: 1, note });
const githubBody = JSON.stringify({ action: "opened", issue: { title: note } });

describe("stripe", () => {
  const { webhooks } = new Stripe("sk_test_nobody");

  test.each([`whsec_${randomBytes(16).toString("hex")}`, "whsec_é ✨"])(
    "generateTestHeaderString with %s",
    async (secret) => {
      const header = webhooks.generateTestHeaderString({ payload: stripeBody, secret });
      expect(await outcomesOf(stripe({ secrets: secret }), stripeBody, { "stripe-signature": header })).toEqual(proven);
    },
  );

  test("a scheme other than v1 proves nothing", async () => {
    const header = webhooks.generateTestHeaderString({ payload: stripeBody, secret: "whsec_1", scheme: "v0" });
    expect(await outcomesOf(stripe({ secrets: "whsec_1" }), stripeBody, { "stripe-signature": header })).toEqual([
      "ERR_SIGNATURE_MISSING",
      "ERR_SIGNATURE_MISSING",
    ]);
  });
});

test("@octokit/webhooks-methods", async () => {
  const secret = "a lamp & a rug ✨";
  const headers = { "x-github-event": "issues", "x-hub-signature-256": await sign(secret, githubBody) };
  expect(await outcomesOf(github({ secrets: secret }), githubBody, headers)).toEqual(proven);
});

describe.each([
  ["standardwebhooks", StandardWebhook, "webhook"],
  ["svix", SvixWebhook, "svix"],
] as const)("%s", (_library, Webhook, prefix) => {
  test.each([24, 64])("a secret of %i bytes, with whsec_ before it", async (length) => {
    const secret = `whsec_${randomBytes(length).toString("base64")}`;
    const body = JSON.stringify({ type: "lamp.lit", note });
    const provider = defineProvider({
      name: "acme",
      scheme: standardWebhooks({ secrets: secret, headers: prefix }),
      id: (_body, delivery) => delivery.header(`${prefix}-id`),
    });
    const headers = {
      [`${prefix}-id`]: "msg_1",
      [`${prefix}-timestamp`]: nowS,
      [`${prefix}-signature`]: new Webhook(secret).sign("msg_1", now, body),
    };
    expect(await outcomesOf(provider, body, headers)).toEqual(proven);
    expect(await outcomesOf(provider, body, { ...headers, [`${prefix}-id`]: "msg_2" })).toEqual([
      "ERR_SIGNATURE_MISMATCH",
      "ERR_SIGNATURE_MISMATCH",
    ]);
  });
});

describe("jose", () => {
  const body = JSON.stringify({ id: 7, type: "lamp.lit", note });

  test.each(["RS256", "PS384", "ES256", "EdDSA"] as const)("%s, with a hash of the body", async (alg) => {
    const { publicKey, privateKey } = await generateKeyPair(alg);
    const token = await new SignJWT({ body_sha256: createHash("sha256").update(body).digest("hex") })
      .setProtectedHeader({ alg })
      .setIssuer("https://acme.example")
      .setAudience("lamps")
      .setIssuedAt()
      .setExpirationTime("5 minutes")
      .sign(privateKey);
    const scheme = jwt({
      algorithms: [alg],
      keys: await exportSPKI(publicKey),
      issuer: "https://acme.example",
      audience: "lamps",
      bodyHash: { claim: "body_sha256", encoding: "hex" },
    });
    const headers = { authorization: `Bearer ${token}` };
    expect(await outcomesOf(defineProvider({ name: "acme", scheme }), body, headers)).toEqual(proven);
  });
});

describe("openssl dgst", () => {
  const folder = mkdtempSync(join(tmpdir(), "hooklatch-openssl-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  const openssl = (input: string, ...args: readonly string[]): Buffer =>
    execFileSync("openssl", args, { input, stdio: ["pipe", "pipe", "pipe"] });
  const hmac = (secret: string, content: string): Buffer =>
    openssl(content, "dgst", "-sha256", "-hmac", secret, "-binary");

  const secret = "lamp-4c6a616d70";
  const paddleBody = JSON.stringify({ event_id: "evt_1", event_type: "report.created", data: {}, note });
  const slackBody = JSON.stringify({ type: "event_callback", event_id: "Ev1", event: { type: "message" }, note });

  const cleengBody = JSON.stringify({ broadcasterId: 1, topic: "lampLit", data: { note } });
  const inplayerBody = "id=WHE-1&type=customer.registered&resource%5Bcustomer_id%5D=7&note=%C3%A9+%24%26";

  test.each([
    [
      "InPlayer",
      inplayer({ secrets: secret }),
      inplayerBody,
      () => ({
        "content-type": "application/x-www-form-urlencoded",
        "x-inplayer-signature": `sha256=${hmac(secret, inplayerBody).toString("hex")}`,
      }),
    ],
    [
      "Cleeng",
      cleeng({ secrets: secret, signature: { header: "x-signed", encoding: "base64" } }),
      cleengBody,
      () => ({ "x-signed": hmac(secret, cleengBody).toString("base64") }),
    ],
    [
      "Stripe",
      stripe({ secrets: secret }),
      stripeBody,
      () => ({ "stripe-signature": `t=${nowS},v1=${hmac(secret, `${nowS}.${stripeBody}`).toString("hex")}` }),
    ],
    [
      "GitHub",
      github({ secrets: secret }),
      githubBody,
      () => ({
        "x-github-event": "issues",
        "x-hub-signature-256": `sha256=${hmac(secret, githubBody).toString("hex")}`,
      }),
    ],
    [
      "Shopify",
      shopify({ secrets: secret }),
      githubBody,
      () => ({
        "x-shopify-topic": "orders/create",
        "x-shopify-hmac-sha256": hmac(secret, githubBody).toString("base64"),
      }),
    ],
    [
      "Paddle",
      paddle({ secrets: secret }),
      paddleBody,
      () => ({ "paddle-signature": `ts=${nowS};h1=${hmac(secret, `${nowS}:${paddleBody}`).toString("hex")}` }),
    ],
    [
      "Slack",
      slack({ secrets: secret }),
      slackBody,
      () => ({
        "x-slack-request-timestamp": nowS,
        "x-slack-signature": `v0=${hmac(secret, `v0:${nowS}:${slackBody}`).toString("hex")}`,
      }),
    ],
  ] as const)("HMAC for %s", async (_platform, provider: Provider<unknown>, body, headersOf) => {
    expect(await outcomesOf(provider, body, headersOf())).toEqual(proven);
  });

  const chipBody = JSON.stringify({ id: "p1", type: "purchase", event_type: "purchase.paid", updated_on: 1, note });
  const sendBody = JSON.stringify({ id: 7, state: "completed", updated_at: "2026-05-04T03:02:01.000Z", note });

  test.each([
    ["CHIP", 2048, "-sha256", chip, chipBody, {}],
    ["CHIP", 3072, "-sha256", chip, chipBody, {}],
    ["CHIP Send", 2048, "-sha512", chipSend, sendBody, { "event-type": "send_instruction_status" }],
  ] as const)("RSA for %s with %i bits and %s", async (platform, bits, hash, provider, body, headers) => {
    const pem = openssl("", "genpkey", "-algorithm", "RSA", "-pkeyopt", `rsa_keygen_bits:${bits}`);
    const keyFile = join(folder, `${platform}-${bits}.pem`);
    writeFileSync(keyFile, pem, { mode: 0o600 });
    const publicKey = openssl("", "pkey", "-in", keyFile, "-pubout").toString("utf8");
    const signature = openssl(body, "dgst", hash, "-sign", keyFile, "-binary").toString("base64");
    expect(await outcomesOf(provider({ publicKey }), body, { ...headers, "x-signature": signature })).toEqual(proven);
  });

  test.each(["webhook", "svix"] as const)("Ed25519 for v1a of Standard Webhooks, in %s-* headers", async (prefix) => {
    const keyFile = join(folder, `${prefix}-ed25519.pem`);
    writeFileSync(keyFile, openssl("", "genpkey", "-algorithm", "ed25519"), { mode: 0o600 });
    // The key's own 32 bytes are the last ones of its SPKI.
    const publicKey = openssl("", "pkey", "-in", keyFile, "-pubout", "-outform", "DER").subarray(-32);
    const body = JSON.stringify({ type: "lamp.lit", note });
    const content = join(folder, `${prefix}-content`);
    // Ed25519 signs in one go, for which this command wants a file whose length it can see.
    writeFileSync(content, `msg_1.${nowS}.${body}`);
    const signature = openssl("", "pkeyutl", "-sign", "-rawin", "-inkey", keyFile, "-in", content).toString("base64");
    const provider = standardWebhooksProvider({
      name: "acme",
      publicKeys: `whpk_${publicKey.toString("base64")}`,
      headers: prefix,
    });
    const headers = {
      [`${prefix}-id`]: "msg_1",
      [`${prefix}-timestamp`]: nowS,
      [`${prefix}-signature`]: `v1a,${signature}`,
    };
    expect(await outcomesOf(provider, body, headers)).toEqual(proven);
    expect(await outcomesOf(provider, body, { ...headers, [`${prefix}-id`]: "msg_2" })).toEqual([
      "ERR_SIGNATURE_MISMATCH",
      "ERR_SIGNATURE_MISMATCH",
    ]);
    // The same signature under the name of the HMAC proves nothing.
    expect(await outcomesOf(provider, body, { ...headers, [`${prefix}-signature`]: `v1,${signature}` })).toEqual([
      "ERR_SIGNATURE_MISSING",
      "ERR_SIGNATURE_MISSING",
    ]);
  });
});
