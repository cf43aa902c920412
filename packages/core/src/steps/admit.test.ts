import { describe, expect, test } from "vitest";

import { shop, shopDelivery } from "../test-support/test-provider.ts";
import { refusalOf, thrownBy } from "../test-support/caught.ts";
import { admit } from "./admit.ts";

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

const settings = { provider: shop(), maxBodyBytes: 1000 };

const refusal = (headers: Headers, provider = shop()): Promise<string> =>
  refusalOf(() => admit(shopDelivery("{}", { headers }), { ...settings, provider }));

describe("the head of a request", () => {
  test("of the platform is let in", async () => {
    expect(await refusal({})).toBe("nothing");
  });

  test.each(["GET", "PUT", "DELETE", "HEAD", "OPTIONS", "post", ""])(
    "with the method %j is refused",
    async (method) => {
      const refused = refusalOf(() => admit(shopDelivery("{}", { method }), settings));
      expect(await refused).toBe("ERR_METHOD_NOT_ALLOWED 405");
    },
  );

  test.each([
    "application/json",
    "application/json; charset=utf-8",
    "APPLICATION/JSON;charset=UTF-8",
    " application/json ;x=y",
    "application/vnd.shop.v2+json",
    "application/cloudevents+json; charset=utf-8",
  ])("with the content type %j is let in as JSON", async (type) => {
    expect(await refusal({ "content-type": type })).toBe("nothing");
  });

  test.each([
    undefined,
    "",
    "text/plain",
    "application/jsonp",
    "application/json-seq",
    "x/application/json",
    "text/json",
    "application/+json",
    "application/json,application/json",
    "application/x-www-form-urlencoded",
  ])("with the content type %j is refused as JSON", async (type) => {
    expect(await refusal({ "content-type": type })).toBe("ERR_CONTENT_TYPE_UNSUPPORTED 415");
  });

  test("with a form's content type is let in as a form, and nothing else is", async () => {
    const form = shop({ body: "form" });
    expect(await refusal({ "content-type": "application/x-www-form-urlencoded; charset=utf-8" }, form)).toBe("nothing");
    expect(await refusal({}, form)).toBe("ERR_CONTENT_TYPE_UNSUPPORTED 415");
    expect(await refusal({ "content-type": "multipart/form-data" }, form)).toBe("ERR_CONTENT_TYPE_UNSUPPORTED 415");
  });

  test("may have the content types that the provider names, and no other", async () => {
    const odd = shop({ contentTypes: ["text/plain"] });
    expect(await refusal({ "content-type": "Text/Plain; charset=x" }, odd)).toBe("nothing");
    expect(await refusal({}, odd)).toBe("ERR_CONTENT_TYPE_UNSUPPORTED 415");
  });

  test.each(["gzip", "br", "deflate", "identity, gzip", "", "x"])(
    "with the content encoding %j is refused",
    async (value) => {
      expect(await refusal({ "content-encoding": value })).toBe("ERR_CONTENT_ENCODING_UNSUPPORTED 415");
    },
  );

  test("may say that it is not compressed", async () => {
    expect(await refusal({ "content-encoding": "Identity" })).toBe("nothing");
  });

  test("may declare exactly the limit and not one byte more", async () => {
    expect(await refusal({ "content-length": "1000" })).toBe("nothing");
    expect(await refusal({ "content-length": "1001" })).toBe("ERR_BODY_TOO_LARGE 413");
    expect(await refusal({ "content-length": "9".repeat(15) })).toBe("ERR_BODY_TOO_LARGE 413");
  });

  test.each(["", "-1", "1e3", "10 ", "0x10", "1,1", "1.0", "NaN", "9".repeat(16)])(
    "with the length %j is refused",
    async (value) => {
      expect(await refusal({ "content-length": value })).toBe("ERR_CONTENT_LENGTH_INVALID 400");
    },
  );

  test.each([undefined, ""])("with the signature %j is refused", async (value) => {
    expect(await refusal({ "x-shop-signature": value })).toBe("ERR_SIGNATURE_MISSING 401");
  });

  test.each(["content-type", "content-encoding", "content-length", "x-shop-signature"])(
    "that repeats %s is refused, even with the same value",
    async (name) => {
      const value = { "content-type": "application/json", "content-encoding": "identity" }[name] ?? "1";
      expect(await refusal({ [name]: [value, value] })).toBe("ERR_HEADER_REPEATED 400");
    },
  );

  test("lacking a header is refused with that header's name", () => {
    const error = thrownBy(() => admit(shopDelivery("{}", { headers: { "x-shop-signature": undefined } }), settings));
    expect(error.message).toContain("x-shop-signature");
  });
});

describe("a scheme that can do with one of several sets of headers", () => {
  const scheme = { headers: ["x-time"], anyHeaders: [["x-a", "x-b"], ["x-c"]], verify: () => new Uint8Array() };
  const provider = shop({ scheme });
  const time = { "x-time": "1" };

  test.each([
    ["the first set", { ...time, "x-a": "1", "x-b": "1" }],
    ["the second set", { ...time, "x-c": "1" }],
    ["both", { ...time, "x-a": "1", "x-b": "1", "x-c": "1" }],
    ["one whole and a part of the other", { ...time, "x-b": "1", "x-c": "1" }],
  ])("lets in what has %s", async (_what, headers) => {
    expect(await refusal(headers, provider)).toBe("nothing");
  });

  test.each([
    ["none of them", time],
    ["half of one", { ...time, "x-a": "1" }],
    ["one with an empty header", { ...time, "x-a": "1", "x-b": "" }],
    ["one, but not what is always needed", { "x-c": "1" }],
  ])("refuses what has %s", async (_what, headers) => {
    expect(await refusal(headers, provider)).toBe("ERR_SIGNATURE_MISSING 401");
  });

  test("refuses one of them repeated", async () => {
    expect(await refusal({ ...time, "x-c": ["1", "1"] }, provider)).toBe("ERR_HEADER_REPEATED 400");
  });

  test("names the sets, or what is always needed", () => {
    const messageFor = (headers: Headers): string =>
      thrownBy(() => admit(shopDelivery("{}", { headers }), { ...settings, provider })).message;
    expect(messageFor(time)).toContain("x-a with x-b, or x-c");
    expect(messageFor({ "x-c": "1" })).toContain("x-time");
  });

  test("lets nothing in when it names no set at all", async () => {
    const none = shop({ scheme: { ...scheme, headers: [], anyHeaders: [] } });
    expect(await refusal(time, none)).toBe("ERR_SIGNATURE_MISSING 401");
  });
});

test("touches no body", () => {
  const body = {
    start: () => expect.unreachable("It was read."),
    stop: () => expect.unreachable("It was stopped."),
  };
  admit(shopDelivery("{}", { body }), settings);
});

test("shows the developer that somebody else has read the body, before anything else and whoever sent it", () => {
  const body = { consumed: "Move the receiver above line 7.\n" };
  const error = thrownBy(() => admit(shopDelivery("{}", { body, method: "GET", headers: {} }), settings));
  expect(error).toMatchObject({ name: "ConfigError", code: "ERR_BODY_CONSUMED", status: 500 });
  expect(error.help).toContain("Move the receiver above line 7.\\u{a}");
});
