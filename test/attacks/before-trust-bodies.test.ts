import { createHmac } from "node:crypto";

import { readId } from "@hooklatch/core";
import type { Provider } from "@hooklatch/core";
import { hmac } from "@hooklatch/core/schemes";
import { afterEach, describe, expect, test } from "vitest";

import { hosts } from "../support/hosts.ts";
import { post } from "../support/post.ts";
import { createProbe } from "../support/probe.ts";
import { acme, acmeSecret } from "../support/signing.ts";
import { start } from "../support/start.ts";
import { failOnUnhandled } from "../support/unhandled.ts";

failOnUnhandled();

afterEach(() => {
  expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain("polluted");
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined(); // what a polluted prototype would give it
});

/** A platform whose event id is a field of the body, in JSON or in a form. */
function bodyProvider(body: Provider["body"]): Provider {
  return {
    name: "plain",
    scheme: hmac({ header: "x-sign", encoding: "hex", secrets: acmeSecret }),
    body,
    maxBodyBytes: 12 * 1024 * 1024,
    retryHorizonMs: 1000,
    describe: (fields, delivery) => ({
      id: body === "json" ? readId(fields, "id", delivery) : fields["id"],
      type: fields["type"],
      payload: fields,
    }),
  };
}

function signed(type: string, text: string) {
  const signature = createHmac("sha256", acmeSecret).update(text).digest("hex");
  return { headers: { "content-type": type, "x-sign": signature }, body: text };
}

const json = (text: string) => signed("application/json", text);
const form = (text: string) => signed("application/x-www-form-urlencoded", text);

/** Larger bodies than this do not fit into a Lambda event once they are base64. */
const gatewayBytes = 4_500_000;

const brokenJson: Readonly<Record<string, string>> = {
  "arrays 100,000 deep": `{"id":1,"type":"a","x":${"[".repeat(100_000)}${"]".repeat(100_000)}}`,
  "objects 100,000 deep": `{"id":1,"type":"a","x":${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}}`,
  "10 MB of [": "[".repeat(10_000_000),
  '10 MB of {"":': '{"":'.repeat(2_500_000),
  NaN: '{"id":1,"type":"a","x":NaN}',
  Infinity: '{"id":1,"type":"a","x":Infinity}',
  "a comment": '{"id":1,"type":"a"/* */}',
  "a comma too many": '{"id":1,"type":"a",}',
  "two documents": '{"id":1,"type":"a"}{"id":2,"type":"a"}',
  "an id that is a lone surrogate": '{"id":"\\ud800","type":"a"}',
  "a type that is a lone surrogate": '{"id":1,"type":"\\udc00"}',
  "an id that is not whole": '{"id":1.5,"type":"a"}',
  "an id beyond every number": '{"id":1e999,"type":"a"}',
  "an id that is an object": '{"id":{"toString":"x"},"type":"a"}',
  "an id that is a list of one": '{"id":["1"],"type":"a"}',
  "an id that is true": '{"id":true,"type":"a"}',
  "a blank id": '{"id":" ","type":"a"}',
  "an id by inheritance": '{"__proto__":{"id":"1"},"type":"a"}',
  "a type by inheritance": '{"id":1,"__proto__":{"type":"a"}}',
};

const brokenForms: Readonly<Record<string, string>> = {
  "a thousand brackets": `id=1&type=a&a${"[b]".repeat(1000)}=1`,
  "a million keys": Array.from({ length: 1_000_000 }, (_, index) => `k${index}=1`).join("&"),
  "a list of a million": "a[]=1&".repeat(1_000_000),
  "a broken escape": "id=1&type=a&b=%zz",
  "an escape that is not UTF-8": "id=1&type=a&b=%ff",
  "no id": "type=a",
  "an id that is a list": "id[]=1&type=a",
  "a type that is an object": "id=1&type[a]=a",
  nothing: "",
};

describe.each(hosts)("$name", (host) => {
  test.each(Object.entries(brokenJson))("10: JSON with %s is a clear 400", async (_name, text) => {
    const { receiver, events, reports } = createProbe(bodyProvider("json"));
    const { url } = await start(host, receiver);
    const { status, text: answer } = await post(url, json(text));
    const isGateways = host.isBehindGateway && text.length > gatewayBytes;
    expect(status).toBe(isGateways ? 413 : 400);
    if (!isGateways) expect(answer).toMatch(/^\{"error":"ERR_(BODY|EVENT)_[A-Z_]+"\}$/);
    expect(reports[0]?.code).not.toBe("ERR_INTERNAL");
    expect(events).toEqual([]);
  });

  test.each(Object.entries(brokenForms))("10: a form with %s is a clear 400", async (_name, text) => {
    const { receiver, events } = createProbe(bodyProvider("form"));
    const { url } = await start(host, receiver);
    const answer = await post(url, form(text));
    const isGateways = host.isBehindGateway && text.length > gatewayBytes;
    expect(answer.status).toBe(isGateways ? 413 : 400);
    if (!isGateways) expect(answer.text).toMatch(/"ERR_(BODY|EVENT)_/);
    expect(events).toEqual([]);
  });

  test.each([
    '{"id":1,"type":"a","__proto__":{"polluted":1}}',
    '{"id":1,"type":"a","x":{"__proto__":{"polluted":1}}}',
    '{"id":1,"type":"a","x":[{"\\u005f_proto_\\u005F":{"polluted":1}}]}',
    '{"id":1,"type":"a","constructor":{"prototype":{"polluted":1}}}',
    '{"id":1,"type":"a","x":{"constr\\u0075ctor":{"prot\\u006ftype":{"polluted":1}}}}',
    '{"id":1,"type":"a","x":{"\\u0063onstructor":{"\\u0070rototype":{"polluted":1}}}}',
  ])("10: %s pollutes nothing, even when the payload is merged without care", async (text) => {
    const { receiver, events } = createProbe(bodyProvider("json"));
    const { url } = await start(host, receiver);
    expect((await post(url, json(text))).status).toBe(200);
    mergeCarelessly({}, events[0]?.payload);
    expect(JSON.stringify(events[0]?.payload)).not.toContain("polluted");
  });

  test.each([
    "id=1&type=a&a[__proto__][polluted]=1",
    "id=1&type=a&__proto__[polluted]=1",
    "id=1&type=a&__proto__=1",
    "id=1&type=a&a[constructor][prototype][polluted]=1",
    "id=1&type=a&constructor%5Bprototype%5D%5Bpolluted%5D=1",
    "id=1&type=a&a%5B%5F%5Fproto%5F%5F%5D[polluted]=1",
    "id=1&type=a&a[b]=1&a[b][__proto__][polluted]=1",
  ])("10: the form %s pollutes nothing", async (text) => {
    const { receiver, events } = createProbe(bodyProvider("form"));
    const { url } = await start(host, receiver);
    expect((await post(url, form(text))).status).toBe(200);
    mergeCarelessly({}, events[0]?.payload);
    expect(JSON.stringify(events[0]?.payload)).not.toContain("polluted");
  });

  test("10: ids past 2^53 keep their digits, so that neighbours are two events", async () => {
    const { receiver, events } = createProbe(bodyProvider("json"));
    const { url } = await start(host, receiver);
    for (const id of ["9007199254740993", "9007199254740992", "123456789012345678901234567890"]) {
      expect((await post(url, json(`{"id":${id},"type":"a"}`))).text).toContain("handled");
    }
    expect(events.map(({ id }) => id)).toEqual([
      "9007199254740993",
      "9007199254740992",
      "123456789012345678901234567890",
    ]);
  });

  test("10: of a repeated key the last one counts, for the id as for the payload", async () => {
    const { receiver, events } = createProbe(bodyProvider("json"));
    const { url } = await start(host, receiver);
    await post(url, json('{"id":9007199254740993,"id":9007199254740995,"type":"a","type":"b"}'));
    await post(url, json('{"id":9007199254740993,"id":"text","type":"b"}'));
    await post(url, json('{"x":{"id":9007199254740999},"id":9007199254740997,"type":"b"}'));
    expect(events.map(({ id, type }) => [id, type])).toEqual([
      ["9007199254740995", "b"],
      ["text", "b"],
      ["9007199254740997", "b"],
    ]);
  });

  test("10: a lone surrogate and a NUL outside id and type are values like any other", async () => {
    const { receiver, events } = createProbe(acme.provider);
    const { url } = await start(host, receiver);
    expect((await post(url, acme.sign('{"type":"a","x":"\\ud800","y":"\\u0000"}'))).status).toBe(200);
    expect(events[0]?.payload).toEqual({ type: "a", x: "\ud800", y: "\0" });
  });
});

/** What many a deep merge does. */
function mergeCarelessly(target: Record<string, unknown>, source: unknown): void {
  if (typeof source !== "object" || source === null) return;
  for (const [key, value] of Object.entries(source)) {
    const inner = target[key];
    if (typeof inner === "object" || typeof inner === "function") {
      mergeCarelessly(inner as Record<string, unknown>, value); // what such code does
    } else target[key] = value;
  }
}
