import { ConfigError } from "@hooklatch/core";
import type { IncomingDelivery, Result } from "@hooklatch/core";
import { describe, expect, test, vi } from "vitest";

import type { LambdaEvent, LambdaEventV1, LambdaEventV2 } from "./lambda-event.ts";
import { toLambda } from "./to-lambda.ts";

const result: Result = { outcome: "handled", reply: { status: 200, headers: { "x-by": "us" }, body: "done" } };

/** What a REST API hands on, cut to what matters here. */
const restEvent = {
  resource: "/chip",
  path: "/chip",
  httpMethod: "POST",
  headers: { "Content-Type": "application/json", "X-Sign": "2" },
  multiValueHeaders: { "Content-Type": ["application/json"], "X-Sign": ["1", "2"] },
  queryStringParameters: { tenant: "a b/c", "": "2" },
  multiValueQueryStringParameters: { tenant: ["7", "a b/c"], "": ["2"] },
  requestContext: {
    httpMethod: "POST",
    identity: { sourceIp: "192.0.2.7", userAgent: "chip" },
    path: "/live/chip",
    stage: "live",
  },
  body: "{}",
  isBase64Encoded: false,
};

/** What an HTTP API hands on in payload format 2.0; that of a function URL has the same shape. */
const httpEvent = {
  version: "2.0",
  routeKey: "POST /chip",
  rawPath: "/chip",
  rawQueryString: "tenant=7&tenant=a+b%2Fc",
  headers: { "content-type": "application/json", "x-sign": "1,2", "content-length": "2" },
  queryStringParameters: { tenant: "7,a b/c" },
  requestContext: {
    domainName: "id.execute-api.eu-west-1.amazonaws.com",
    http: { method: "POST", path: "/chip", protocol: "HTTP/1.1", sourceIp: "192.0.2.8", userAgent: "chip" },
    stage: "$default",
  },
  body: "{}",
  isBase64Encoded: false,
};

/** What the receiver is handed for an event. */
async function incomingOf(event: LambdaEvent): Promise<IncomingDelivery> {
  const receive = vi.fn(async (_incoming: IncomingDelivery) => result);
  await toLambda({ receive })(event);
  return receive.mock.calls[0]?.[0] ?? expect.unreachable();
}

const rest = (changes: Partial<LambdaEventV1>) => incomingOf({ ...restEvent, ...changes });
const http = (changes: Partial<LambdaEventV2>) => incomingOf({ ...httpEvent, ...changes });

test("answers with the reply, as a text", async () => {
  const handler = toLambda({ receive: async () => result });
  const answer = { statusCode: 200, headers: { "x-by": "us" }, body: "done", isBase64Encoded: false };
  expect(await handler(restEvent)).toEqual(answer);
  expect(await handler(httpEvent)).toEqual(answer);
});

test("refuses what is not a receiver when the function starts", () => {
  // What a caller without types may do.
  const mount = toLambda as (receiver?: object) => unknown;
  expect(() => mount()).toThrow("toLambda: that is not a receiver");
  expect(() => mount({})).toThrow("toLambda: that is not a receiver");
});

describe("payload format 1.0", () => {
  test("gives the method, the address of the sender and the path with the stage", async () => {
    const { method, url, remoteAddress } = await rest({});
    expect([method, remoteAddress]).toEqual(["POST", "192.0.2.7"]);
    expect(url).toBe("/live/chip?tenant=7&tenant=a+b%2Fc&=2");
  });

  test("gives the plain path where the context has none, and no question mark without a query", async () => {
    const requestContext = { identity: { sourceIp: "192.0.2.7" } };
    expect((await rest({ requestContext, multiValueQueryStringParameters: null })).url).toBe("/chip");
  });

  test("gives every value of a header, whatever the case of its name", async () => {
    const incoming = await rest({});
    expect(incoming.headerValues("x-sign")).toEqual(["1", "2"]);
    expect(incoming.headerValues("x-other")).toEqual([]);
  });

  test("gives the single values where there are no others, and none where there are no headers", async () => {
    expect((await rest({ multiValueHeaders: null })).headerValues("x-sign")).toEqual(["2"]);
    expect((await rest({ multiValueHeaders: null, headers: null })).headerValues("x-sign")).toEqual([]);
  });
});

describe("payload format 2.0", () => {
  test("gives the method, the address of the sender, and path and query letter for letter", async () => {
    const { method, url, remoteAddress } = await http({});
    expect([method, remoteAddress]).toEqual(["POST", "192.0.2.8"]);
    expect(url).toBe("/chip?tenant=7&tenant=a+b%2Fc");
    expect((await http({ rawQueryString: "" })).url).toBe("/chip");
  });

  test("gives the values of a repeated header as the one that the gateway made of them", async () => {
    const incoming = await http({});
    expect(incoming.headerValues("x-sign")).toEqual(["1,2"]);
    expect(incoming.headerValues("x-other")).toEqual([]);
  });

  test("reads what a function URL hands on", async () => {
    const { method, url, remoteAddress, body } = await http({
      rawPath: "/",
      rawQueryString: "",
      headers: { "content-type": "application/x-www-form-urlencoded", "x-forwarded-for": "192.0.2.66" },
      requestContext: { http: { method: "PUT", sourceIp: "192.0.2.9" } },
      body: "YT0x",
      isBase64Encoded: true,
    });
    expect([method, url, remoteAddress]).toEqual(["PUT", "/", "192.0.2.9"]);
    expect(body).toEqual(Buffer.from("a=1"));
  });
});

describe.each([
  ["1.0", rest],
  ["2.0", http],
])("the body in payload format %s", (_version, read) => {
  const exact = [0xff, 0x00, 0x7b, 0xef, 0xbf, 0xbd];

  test("is the bytes of its base64", async () => {
    const body = Buffer.from(exact).toString("base64");
    expect((await read({ body, isBase64Encoded: true })).body).toEqual(Buffer.from(exact));
  });

  test.each([null, undefined, ""])("is empty when it is %j", async (body) => {
    const headers = {};
    const multiValueHeaders = {};
    for (const isBase64Encoded of [true, false]) {
      const event = { headers, multiValueHeaders, isBase64Encoded };
      expect((await read({ ...event, body })).body).toEqual(Buffer.alloc(0));
    }
  });

  const text = '\u{FEFF}{"a":"é🦊"}';
  const length = String(Buffer.byteLength(text));
  const declared = (name: string, value: string) => ({
    headers: { [name]: value },
    multiValueHeaders: { [name]: [value] },
  });

  test.each([
    ["of the length that the sender declared", declared("Content-Length", length)],
    ["without a declared length", declared("x-a", "1")],
    ["with the encoding that changes nothing", declared("content-encoding", "Identity")],
  ])("is made of a text: %s", async (_name, headers) => {
    expect((await read({ ...headers, body: text })).body).toEqual(Buffer.from(text));
  });

  test.each([
    ["it holds a replaced character", { ...declared("x-a", "1"), body: "a\u{FFFD}" }],
    // Three bytes that are not UTF-8 became the three bytes of U+FFFD.
    ["the length does not show what was replaced", { ...declared("content-length", "3"), body: "\u{FFFD}" }],
    ["it holds half a character", { ...declared("x-a", "1"), body: "a\ud83e" }],
    ["a byte order mark was dropped", { ...declared("content-length", "5"), body: "{}" }],
    ["it is gone", { ...declared("content-length", "5"), body: null }],
    ["it is longer than what was sent", { ...declared("content-length", "1"), body: "{}" }],
  ])("is not made of a text when %s, and the advice names the setting", async (_name, event) => {
    const { body } = await read(event);
    expect(body).toEqual({ consumed: expect.stringContaining('Set binaryMediaTypes: ["*/*"] on the REST API') });
    const { consumed } = body as { readonly consumed: string }; // the line above has looked
    expect(consumed.length).toBeLessThan(600); // where core cuts it
  });

  test("is handed over when it is compressed, as core refuses it for its header", async () => {
    const compressed = declared("Content-Encoding", "gzip");
    expect((await read({ ...compressed, body: "\u{FFFD}" })).body).toEqual(Buffer.from("\u{FFFD}"));
  });
});

test.each<[string, unknown]>([
  ["nothing", undefined],
  ["null", null],
  ["a text", "{}"],
  ["the console's sample", { key1: "value1" }],
  ["a scheduled event", { source: "aws.events", "detail-type": "Scheduled Event", detail: {} }],
  ["messages of a queue", { Records: [{ messageId: "1", body: "{}" }] }],
  [
    "a load balancer's",
    { ...restEvent, requestContext: { elb: { targetGroupArn: "arn:aws:elasticloadbalancing:…" } } },
  ],
  [
    "VPC Lattice's",
    { version: "2.0", path: "/", method: "POST", headers: {}, isBase64Encoded: false, requestContext: {} },
  ],
  ["an authorizer's in format 1.0", { ...restEvent, type: "REQUEST", isBase64Encoded: undefined }],
  ["an authorizer's in format 2.0", { ...httpEvent, type: "REQUEST", isBase64Encoded: undefined }],
  ["a WebSocket's", { ...restEvent, httpMethod: undefined }],
  ["one with a body that is an object", { ...httpEvent, body: { a: 1 } }],
  ["one without a context", { ...httpEvent, requestContext: null }],
  ["one whose context is empty", { ...httpEvent, requestContext: { http: null } }],
  ["one without a sender", { ...restEvent, requestContext: { identity: null } }],
])("rejects an event that is %s, without asking the receiver", async (_name, event) => {
  const receive = vi.fn(async () => result);
  // What Lambda may be told to invoke the function with.
  const invoked = toLambda({ receive })(event as LambdaEvent);
  const expected = { code: "ERR_OPTION_INVALID", help: expect.stringContaining("payload format 1.0 or 2.0") };
  await expect(invoked).rejects.toMatchObject(expected);
  await expect(invoked).rejects.toBeInstanceOf(ConfigError);
  expect(receive).not.toHaveBeenCalled();
});
