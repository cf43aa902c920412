import { createHmac } from "node:crypto";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { inspect } from "node:util";

import { createReceiver, memoryStore, outcomeChannelName, readId, toIncomingDelivery } from "@hooklatch/core";
import type { Provider, ReceiverOptions } from "@hooklatch/core";
import { hmac } from "@hooklatch/core/schemes";
import { chip } from "@hooklatch/providers/chip";
import * as v from "valibot";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import * as z from "zod";

import { hosts } from "../support/hosts.ts";
import { post } from "../support/post.ts";
import { acme, acmeProvider, acmeSecret } from "../support/signing.ts";
import type { SignedRequest } from "../support/signing.ts";
import { start } from "../support/start.ts";
import { failOnUnhandled } from "../support/unhandled.ts";

failOnUnhandled();

/** Stands in every body here, and must come back nowhere. */
const inBody = "4929-body-3141";
const inError = "text-of-an-error-2718";

let logged: string[] = [];
let published: unknown[] = [];

beforeEach(() => {
  logged = [];
  published = [];
  const log = (...given: readonly unknown[]): void => void logged.push(given.map(String).join(" "));
  vi.spyOn(console, "warn").mockImplementation(log);
  vi.spyOn(console, "error").mockImplementation(log);
  vi.spyOn(console, "log").mockImplementation(log);
  const publish = (report: unknown): void => void published.push(report);
  subscribe(outcomeChannelName, publish);
  onTestFinished(() => void unsubscribe(outcomeChannelName, publish));
});

const goodBody = JSON.stringify({ type: "order.paid", card: inBody, total: inBody });
const throwing = (): never => {
  throw new Error(inError, { cause: new Error(inError) });
};
const quoting = (what: unknown): never => {
  throw new TypeError(`cannot read ${JSON.stringify(what)} with ${acmeSecret}`);
};

interface Case {
  readonly code: string;
  readonly request?: SignedRequest;
  readonly provider?: Partial<Provider>;
  readonly options?: Partial<ReceiverOptions>;
  readonly handler?: () => unknown;
}

const cases: Readonly<Record<string, Case>> = {
  "a wrong signature": { code: "ERR_SIGNATURE_MISMATCH", request: acme.sign(goodBody, { secret: "guess" }) },
  "a stale time": { code: "ERR_TIMESTAMP_STALE", request: acme.sign(goodBody, { time: "1500000000" }) },
  "a secret that cannot be fetched": {
    code: "ERR_KEY_SOURCE_UNAVAILABLE",
    provider: acmeProvider(async () => throwing()),
  },
  "broken JSON": { code: "ERR_BODY_MALFORMED", request: acme.sign(`{"card":"${inBody}`) },
  "no UTF-8": { code: "ERR_BODY_NOT_UTF8", request: acme.sign(Buffer.from(`{"${inBody}\xff"}`, "latin1")) },
  "a list": { code: "ERR_BODY_NOT_OBJECT", request: acme.sign(`["${inBody}"]`) },
  "a type that is an object": { code: "ERR_EVENT_TYPE_INVALID", request: acme.sign(`{"type":{"card":"${inBody}"}}`) },
  "an id that is an object": {
    code: "ERR_EVENT_ID_INVALID",
    request: acme.sign(`{"id":{"card":"${inBody}"},"type":"a"}`),
    provider: { describe: (body, delivery) => ({ id: readId(body, "id", delivery), type: "a", payload: body }) },
  },
  "a provider that quotes the body": { code: "ERR_EVENT_UNREADABLE", provider: { describe: quoting } },
  "a scheme that quotes all it has": {
    code: "ERR_SCHEME_FAULTY",
    provider: { scheme: { headers: [], verify: ({ body }) => quoting(Buffer.from(body).toString()) } },
  },
  "a payload that fails zod": {
    code: "ERR_PAYLOAD_INVALID",
    provider: { schemas: { "order.paid": z.object({ card: z.literal("none"), total: z.number() }) } },
  },
  "a payload that fails valibot": {
    code: "ERR_PAYLOAD_INVALID",
    provider: { schemas: { "order.paid": v.object({ card: v.literal("none"), total: v.number() }) } },
  },
  "a schema that throws": {
    code: "ERR_HANDLER_FAILED",
    provider: { schemas: { "order.paid": { "~standard": { version: 1, vendor: "own", validate: quoting } } } },
  },
  "a handler that fails": { code: "ERR_HANDLER_FAILED", handler: throwing },
  "a handler that throws what is no error": {
    code: "ERR_HANDLER_FAILED",
    handler: () => Promise.reject({ text: inError }),
  },
  "a store that fails": { code: "ERR_STORE_UNAVAILABLE", options: { store: { ...memoryStore(), claim: throwing } } },
};

/** What stands in errors of the app itself may reach its log, but never a reply. */
const secrets = [acmeSecret, inBody];

describe.each(hosts)("$name", (host) => {
  test.each(Object.entries(cases))(
    "24: %s: the reply is the code alone, the log holds no secret, signature or body",
    async (_name, given) => {
      const { request = acme.sign(goodBody), handler = () => {} } = given;
      const receiver = createReceiver({ ...given.options, provider: { ...acme.provider, ...given.provider } });
      receiver.on("*", handler);
      const { url } = await start(host, receiver);

      const answer = await post(url, request);

      const isText = host.handsOnText && given.code === "ERR_BODY_NOT_UTF8";
      expect(answer.text).toBe(`{"error":"${isText ? "ERR_BODY_CONSUMED" : given.code}"}`);
      expect(Object.keys(answer.headers).filter((name) => name.startsWith("x-") && name !== "x-powered-by")).toEqual(
        [],
      );
      expect(logged).toHaveLength(1);
      expect(published).toHaveLength(1);
      const signature = request.headers["x-acme-signature"]?.slice("sha256=".length) ?? "";
      const shown = inspect([answer, logged, published], { depth: Infinity, showHidden: true });
      for (const secret of [...secrets, signature]) expect(shown).not.toContain(secret);
      expect(inspect(answer, { depth: Infinity })).not.toContain(inError);
    },
  );

  test.each([
    ["line breaks", "order\r\n[hooklatch] acme/default handled"],
    ["a line separator", "order\u2028[hooklatch] acme/default handled"],
    ["a next-line character", "order\u0085[hooklatch] acme/default handled"],
    ["a terminal's escape", "order\u001b[2J\u001b[1;31m"],
    ["the one-byte escape", "order\u009b2J"],
    ["a NUL", "order\u0000"],
    ["a change of direction", "order\u202edrawer"],
    ["invisible characters", "order\u200b\ufeff"],
    ["great length", "order".repeat(20_000)],
  ])("26: %s in type and id cannot forge a log line", async (_name, text) => {
    const provider: Provider = {
      ...acme.provider,
      scheme: hmac({ header: "x-sign", encoding: "hex", secrets: acmeSecret }),
      describe: (body, delivery) => ({ id: readId(body, "id", delivery), type: body["type"], payload: body }),
    };
    const receiver = createReceiver({ provider }).on("*", () => {
      throw new Error(text, { cause: new Error(text) });
    });
    const { url } = await start(host, receiver);
    const body = JSON.stringify({ id: text, type: text });
    const sign = createHmac("sha256", acmeSecret).update(body).digest("hex");

    expect((await post(url, { headers: { "content-type": "application/json", "x-sign": sign }, body })).status).toBe(
      500,
    );

    expect(logged).toHaveLength(1);
    expect(logged[0]).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(logged[0]?.length).toBeLessThan(2500);
  });
});

test("26: nor can the path in an adapter's advice, where a host lets such a path through", async () => {
  const receiver = createReceiver({ provider: acme.provider });
  const consumed = `Move app.post("/hook/\x9b2J\x85\n[hooklatch] forged${"/".repeat(20_000)}") up.`;

  const { outcome } = await receiver.receive(toIncomingDelivery({ ...acme.event(), body: { consumed } }));

  expect(outcome).toBe("failed");
  expect(logged).toHaveLength(1);
  expect(logged[0]).toContain("Move app.post");
  expect(logged[0]).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  expect(logged[0]?.length).toBeLessThan(2500);
});

test("24: errors at the start quote no key and no secret", () => {
  const key = `-----BEGIN PUBLIC KEY-----\n${inBody}\n-----END PUBLIC KEY-----`;
  const tries = [
    () => chip({ publicKey: key }),
    () => chip({ publicKey: `-----BEGIN PRIVATE KEY-----\n${inBody}` }),
    () => chip({ companyKey: { token: `${inBody}\n` } }),
    () => hmac({ header: "x", encoding: "hex", secrets: key }),
    () => hmac({ header: "x", encoding: "hex", secrets: [inBody, ""] }),
  ];
  for (const attempt of tries) {
    let thrown: unknown;
    try {
      attempt();
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ name: "ConfigError" });
    expect(inspect(thrown, { depth: Infinity, showHidden: true })).not.toContain(inBody);
  }
});
