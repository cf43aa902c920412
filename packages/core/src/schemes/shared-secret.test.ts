import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import { afterEach, describe, expect, test, vi } from "vitest";

import { toDelivery, toIncomingDelivery } from "../incoming-delivery.ts";
import { refusalOf, thrownBy } from "../test-support/caught.ts";
import type { SharedSecretPlace } from "./secret-place.ts";
import { sharedSecret } from "./shared-secret.ts";
import type { SharedSecretOptions } from "./shared-secret.ts";

const secret = "a-secret/with+signs=%25";
const bytes = Buffer.from("{}");
const mismatch = "ERR_SIGNATURE_MISMATCH 401";
const missing = "ERR_SIGNATURE_MISSING 401";

interface Request {
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
}

function deliveryOf({ url = "/hook", headers = {} }: Request) {
  return toDelivery(toIncomingDelivery({ url, headers, body: bytes }), bytes, 0);
}

const answer = (place: SharedSecretPlace, request: Request, secrets: SharedSecretOptions["secrets"] = secret) =>
  refusalOf(() => sharedSecret({ ...place, secrets }).verify(deliveryOf(request), 0));

const basic = (text: string): Request => ({
  headers: { Authorization: `Basic ${Buffer.from(text).toString("base64")}` },
});

test("answers with the very bytes, at once or later as its secrets do", async () => {
  const delivery = deliveryOf({ headers: { "x-token": secret } });
  const place = { in: "header", name: "X-Token" } as const;
  expect(sharedSecret({ ...place, secrets: secret }).verify(delivery, 0)).toBe(delivery.body);
  expect(await sharedSecret({ ...place, secrets: async () => secret }).verify(delivery, 0)).toBe(delivery.body);
});

test("needs the header that carries the secret before a body is read", () => {
  expect(sharedSecret({ in: "header", name: "X-Token", secrets: secret }).headers).toEqual(["x-token"]);
  expect(sharedSecret({ in: "basic", secrets: `user:${secret}` }).headers).toEqual(["authorization"]);
  expect(sharedSecret({ in: "path", secrets: secret }).headers).toEqual([]);
  expect(sharedSecret({ in: "query", name: "token", secrets: secret }).headers).toEqual([]);
});

describe("in a header", () => {
  const place = { in: "header", name: "X-Token" } as const;
  const bearer = { in: "header", name: "Authorization", prefix: "Bearer " } as const;

  test("is the whole value, or what stands behind the prefix", async () => {
    expect(await answer(place, { headers: { "x-token": secret } })).toBe("nothing");
    expect(await answer(bearer, { headers: { authorization: `Bearer ${secret}` } })).toBe("nothing");
  });

  test.each([
    ["is missing", place, {}, missing],
    ["is empty", place, { "x-token": "" }, missing],
    ["stands in another header", place, { "x-other": secret }, missing],
    ["has a prefix nobody configured", place, { "x-token": `Bearer ${secret}` }, mismatch],
    ["has no prefix", bearer, { authorization: secret }, missing],
    ["has another prefix", bearer, { authorization: `Token ${secret}` }, missing],
    ["has nothing behind the prefix", bearer, { authorization: "Bearer " }, missing],
    ["is repeated", place, { "x-token": [secret, secret] }, "ERR_HEADER_REPEATED 400"],
    ["is percent-encoded", place, { "x-token": encodeURIComponent(secret) }, mismatch],
  ])("is refused when it %s", async (_what, where, headers: NonNullable<Request["headers"]>, refusal) => {
    expect(await answer(where, { headers })).toBe(refusal);
  });
});

describe("in the query", () => {
  const place = { in: "query", name: "token" } as const;
  const encoded = encodeURIComponent(secret);

  test.each([
    `/hook?token=${encoded}`,
    `/hook?a=1&token=${encoded}&b=2`,
    "/hook?token=a-secret/with+signs=%2525",
    `/hook?%74oken=${encoded}`,
    `/hook?tokens=x&token=${encoded}&xtoken=y`,
    `/hook?broken=%zz&token=${encoded}`,
    `http://platform.example/hook?token=${encoded}`,
  ])("is found in %s", async (url) => {
    expect(await answer(place, { url })).toBe("nothing");
  });

  test.each([
    ["is missing", "/hook", missing],
    ["is missing from an empty query", "/hook?", missing],
    ["has no value", "/hook?token", missing],
    ["has an empty value", "/hook?token=", missing],
    ["stands in the path", `/hook/token=${encoded}`, missing],
    ["has a name in other letters", `/hook?Token=${encoded}`, missing],
    ["is repeated", `/hook?token=${encoded}&token=${encoded}`, missing],
    ["is repeated, the second one empty", `/hook?token=${encoded}&token`, missing],
    ["is repeated under an encoded name", `/hook?token=${encoded}&%74oken=x`, missing],
    ["is an entry of a list", `/hook?token[]=${encoded}`, missing],
    ["has broken percent signs", "/hook?token=a-secret%", missing],
    ["is not UTF-8", "/hook?token=%ff%ff%ff%ff%ff%ff%ff%ff%ff%ff%ff%ff%ff%ff%ff%ff", missing],
    ["is encoded twice", `/hook?token=${encodeURIComponent(encoded)}`, mismatch],
    ["has more behind it", `/hook?token=${encoded}x`, mismatch],
  ])("is refused when it %s", async (_what, url, refusal) => {
    expect(await answer(place, { url })).toBe(refusal);
  });
});

describe("in the path", () => {
  const place = { in: "path" } as const;
  const encoded = encodeURIComponent(secret);

  test.each([`/hook/${encoded}`, `/${encoded}`, `/a/b/${encoded}?x=/y`])("is the last segment of %s", async (url) => {
    expect(await answer(place, { url })).toBe("nothing");
  });

  test.each([
    ["is missing", "/", missing],
    ["has a slash behind it", `/hook/${encoded}/`, missing],
    ["stands in another segment", `/${encoded}/hook`, mismatch],
    ["stands in the query", `/hook?${encoded}`, mismatch],
    ["stands in the query behind a slash", `/hook?/${encoded}`, mismatch],
    ["has broken percent signs", "/hook/%zz", missing],
    ["is not encoded, so that its slash divides it", `/hook/a-secret/with+signs=%2525`, mismatch],
  ])("is refused when it %s", async (_what, url, refusal) => {
    expect(await answer(place, { url })).toBe(refusal);
  });
});

describe("in Basic authentication", () => {
  const place = { in: "basic" } as const;
  const account = "platform:pass:word with colons and ü";

  test("is user and password, with colons in the password", async () => {
    expect(await answer(place, basic(account), account)).toBe("nothing");
  });

  test("may be called basic in any letters, and come without padding", async () => {
    const { headers } = basic("users:0123456789abcdef");
    const value = String(headers?.["Authorization"]);
    expect(value).toMatch(/=$/);
    for (const authorization of [value.replace("Basic", "bAsic"), value.replace(/=+$/, "")]) {
      expect(await answer(place, { headers: { authorization } }, "users:0123456789abcdef")).toBe("nothing");
    }
  });

  test.each([
    ["is missing", {}, missing],
    ["has another password", basic("platform:pass:word"), mismatch],
    ["has another user", basic("platforn:pass:word with colons and ü"), mismatch],
    ["has the colon elsewhere", basic("platformp:ass:word with colons and ü"), mismatch],
    ["is not base64", { headers: { authorization: "Basic ???" } }, missing],
    ["has junk behind it", { headers: { authorization: "Basic YWJj,YWJj" } }, missing],
    ["is empty", { headers: { authorization: "Basic " } }, missing],
    ["is of another scheme", { headers: { authorization: `Bearer ${account}` } }, missing],
  ])("is refused when it %s", async (_what, request: Request, refusal) => {
    expect(await answer(place, request, account)).toBe(refusal);
  });

  test("needs a colon, and a password that is long enough by itself", () => {
    const messageFor = (secrets: string): string => thrownBy(() => sharedSecret({ ...place, secrets })).message;
    expect(messageFor("a-long-secret-without-one")).toContain("user:password");
    expect(messageFor("a-very-long-name-of-a-user:short")).toContain("fewer than 16");
  });
});

describe("secrets", () => {
  const place = { in: "header", name: "x-token" } as const;
  const given = { headers: { "x-token": secret } };

  test("may be several, in either order, fixed or resolved", async () => {
    const other = "another secret of mine";
    for (const secrets of [
      [secret, other],
      [other, secret],
      [other, async () => secret],
      async () => [other, secret],
    ]) {
      expect(await answer(place, given, secrets)).toBe("nothing");
    }
    expect(await answer(place, given, [other, async () => "a third secret of mine"])).toBe(mismatch);
  });

  test("are compared whole: every prefix, and every change of a character is refused", async () => {
    for (let length = 1; length < secret.length; length++) {
      expect(await answer(place, { headers: { "x-token": secret.slice(0, length) } })).toBe(mismatch);
    }
    for (let index = 0; index < secret.length; index++) {
      const changed = `${secret.slice(0, index)}~${secret.slice(index + 1)}`;
      expect(await answer(place, { headers: { "x-token": changed } })).toBe(mismatch);
    }
    for (const changed of [`${secret} `, `${secret}\0`, secret.toUpperCase()]) {
      expect(await answer(place, { headers: { "x-token": changed } })).toBe(mismatch);
    }
  });

  describe("are compared", () => {
    afterEach(() => {
      vi.restoreAllMocks();
      syncBuiltinESMExports();
    });

    test("in constant time, as digests of one length whatever their own is", async () => {
      const compare = vi.spyOn(crypto, "timingSafeEqual");
      syncBuiltinESMExports();
      await answer(place, { headers: { "x-token": "x" } });
      await answer(place, { headers: { "x-token": "x".repeat(5000) } });
      const lengths = compare.mock.calls.map(([one, other]) => [one.byteLength, other.byteLength]);
      expect(lengths).toEqual([
        [32, 32],
        [32, 32],
      ]);
    });
  });

  test.each([
    ["is missing", undefined],
    ["is null", null],
    ["is empty", ""],
    ["is blank", "                    "],
    ["is a number", 1234567890123456],
    ["is one of none", []],
    ["is empty in a list", [secret, ""]],
  ])("are refused at the start when one %s", (_what, secrets: unknown) => {
    // What a program without types, or an unset environment variable, hands over.
    const error = thrownBy(() => sharedSecret({ ...place, secrets: secrets as string }));
    expect(error).toMatchObject({ name: "ConfigError", code: "ERR_SECRET_MISSING" });
  });

  test("under 16 characters are refused at the start, and at 16 are not", () => {
    const error = thrownBy(() => sharedSecret({ ...place, secrets: "0123456789abcde" }));
    expect(error).toMatchObject({ name: "ConfigError", code: "ERR_OPTION_INVALID" });
    expect(error.message).toContain("16");
    expect(() => sharedSecret({ ...place, secrets: "0123456789abcdef" })).not.toThrow();
  });

  test("from a resolver that are empty or short are unavailable, never verified", async () => {
    for (const [resolved, code] of [
      ["", "ERR_KEY_SOURCE_EMPTY 503"],
      [" ", "ERR_KEY_SOURCE_EMPTY 503"],
      [[], "ERR_KEY_SOURCE_EMPTY 503"],
      ["short", "ERR_KEY_SOURCE_UNAVAILABLE 503"],
    ] as const) {
      expect(await answer(place, { headers: { "x-token": "short" } }, async () => resolved)).toBe(code);
    }
  });

  test("and what came in their place never stand in an error", async () => {
    const errors = [
      thrownBy(() => sharedSecret({ ...place, secrets: "s3cr3t" })),
      thrownBy(() => sharedSecret({ in: "basic", secrets: "s3cr3t-of-a-good-length" })),
      thrownBy(() =>
        sharedSecret({ ...place, secrets: secret }).verify(deliveryOf({ headers: { "x-token": "gu355" } }), 0),
      ),
      thrownBy(() => sharedSecret({ in: "path", secrets: secret }).verify(deliveryOf({ url: "/a/gu355" }), 0)),
      thrownBy(() =>
        sharedSecret({ in: "query", name: "t", secrets: secret }).verify(deliveryOf({ url: "/?t=gu355" }), 0),
      ),
      thrownBy(() =>
        sharedSecret({ in: "query", name: "t", secrets: secret }).verify(deliveryOf({ url: "/?x=gu355" }), 0),
      ),
    ];
    for (const error of errors) {
      const told = `${error.message} ${error.help} ${String(error.cause)} ${error.stack}`;
      expect(told).not.toContain("s3cr3t");
      expect(told).not.toContain("gu355");
      expect(told).not.toContain(secret);
    }
  });
});

test.each([
  ["in", { in: "cookie", name: "token" }],
  ["in", {}],
  ["name", { in: "header" }],
  ["name", { in: "query", name: "" }],
  ["name", { in: "header", name: "x token" }],
  ["prefix", { in: "header", name: "x-token", prefix: 1 }],
])("the option %s is refused at the start as in %j", (name, place: object) => {
  // What a program without types hands over.
  const error = thrownBy(() => sharedSecret({ ...place, secrets: secret } as SharedSecretOptions));
  expect(error).toMatchObject({ name: "ConfigError", code: "ERR_OPTION_INVALID" });
  expect(error.message).toContain(`sharedSecret: ${name} must`);
});
