import { createHash, generateKeyPairSync } from "node:crypto";

import { describe, expect, test } from "vitest";

import { toDelivery, toIncomingDelivery } from "../../incoming-delivery.ts";
import {
  ec,
  jwkOf,
  nowMs,
  rsa,
  signToken,
  tokenBody,
  tokenScheme,
  withHeader,
} from "../../test-support/test-tokens.ts";
import type { JwtOptions } from "../jwt/options.ts";

const now = nowMs / 1000;
const foreign = generateKeyPairSync("ec", { namedCurve: "P-256" });
const hashOf = (body: string | Uint8Array, hash = "sha256") => createHash(hash).update(body);
const bodyHash = { claim: "body", encoding: "hex" } as const;

async function explain(value: string, options: Partial<JwtOptions> = {}, body?: ReturnType<typeof Buffer.from>) {
  return tokenScheme(options).explain?.(withHeader(value, "Authorization", body), nowMs);
}

async function explainToken(changes: Parameters<typeof signToken>[0], options: Partial<JwtOptions> = {}) {
  return explain(`Bearer ${await signToken(changes)}`, options);
}

test("a good token needs no explanation", async () => {
  expect(await explainToken({})).toBeUndefined();
});

describe("time", () => {
  test.each([
    ["over", { exp: now - 900 }, "exp (its end) is 900 s behind"],
    ["not begun", { nbf: now + 400 }, "nbf (not valid before) is 400 s ahead"],
    ["made ahead", { iat: now + 500 }, "iat (made at) is 500 s ahead"],
  ])("a token that is %s tells by how much", async (_what, claims, says) => {
    expect(await explainToken({ claims })).toMatchObject({
      cause: "clock-skew",
      message: expect.stringContaining(says),
    });
  });

  test("a token that is too old for maxAgeMs tells by how much", async () => {
    const diagnosis = await explainToken({ claims: { iat: now - 300, exp: now + 99 } }, { maxAgeMs: 60_000 });
    expect(diagnosis).toMatchObject({ cause: "clock-skew", message: expect.stringContaining("300 s behind") });
  });

  test("milliseconds for seconds are told", async () => {
    expect(await explainToken({ claims: { iat: nowMs } })).toMatchObject({ cause: "timestamp-format" });
  });

  test("another key's token is never said to be good, however old", async () => {
    expect(await explainToken({ key: foreign.privateKey, claims: { exp: now - 900 } })).toMatchObject({
      cause: "unknown",
    });
  });

  test("an old token hides no other cause", async () => {
    const diagnosis = await explainToken({ claims: { exp: now - 900, iat: now - 1200, aud: "other" } });
    expect(diagnosis).toMatchObject({ cause: "token-claim" });
  });
});

describe("claims", () => {
  test.each([
    ["issuer", { iss: "https://evil.example\n[hooklatch]" }, {}, 'issuer is "https://sender.example"'],
    ["audience", { aud: ["one", "two"] }, {}, 'aud is ["one","two"], where audience is "our-endpoint"'],
    ["missing audience", { aud: undefined }, {}, "aud is missing"],
    ["claim", { email: "x" }, { claims: { email: "y" } }, 'email is "x", where claims.email is "y"'],
    ["end", { exp: undefined }, {}, "must carry exp"],
    ["time in text", { nbf: "soon" }, {}, "no number of seconds"],
  ])("another or no %s is told of a token that is signed", async (_what, claims, options, says) => {
    const diagnosis = await explainToken({ claims }, options);
    expect(diagnosis).toMatchObject({ cause: "token-claim", message: expect.stringContaining(says) });
    expect(diagnosis?.message).not.toContain("\n");
    const unsigned = await explainToken({ claims, key: foreign.privateKey }, options);
    expect(unsigned).toMatchObject({ cause: "unknown" });
    expect(unsigned?.message).not.toContain("evil");
  });
});

describe("keys", () => {
  test("an algorithm that is not pinned is proven where a key can prove it", async () => {
    const keys = [rsa.publicKey];
    const token = { algorithm: "PS256", key: rsa.privateKey } as const;
    expect(await explainToken(token, { algorithms: ["RS256"], keys })).toMatchObject({
      cause: "signature-algorithm",
      message: expect.stringContaining("PS256"),
    });
    expect(await explainToken(token)).toMatchObject({ cause: "algorithm-claimed" });
    const pinned: Partial<JwtOptions> = {
      algorithms: ["RS256", "PS256"],
      keys: { ...jwkOf(rsa.publicKey), alg: "RS256" },
    };
    expect(await explainToken(token, pinned)).toMatchObject({ cause: "signature-algorithm" });
  });

  test("another kid is proven, an unknown one told", async () => {
    const keys = { ...jwkOf(ec.publicKey), kid: "k1" };
    expect(await explainToken({ head: { kid: "k2" } }, { keys })).toMatchObject({ cause: "key-id" });
    const diagnosis = await explainToken({ head: { kid: "k\n2" }, key: foreign.privateKey }, { keys });
    expect(diagnosis).toMatchObject({ cause: "key-unknown", message: expect.stringContaining("given at start-up") });
    expect(diagnosis?.message).not.toContain("\n");
  });

  test("no key source is asked, and when it was is told", async () => {
    let asked = 0;
    const keys = async () => (asked++, [{ ...jwkOf(ec.publicKey), kid: "k1" }]);
    const scheme = tokenScheme({ keys });
    const good = withHeader(`Bearer ${await signToken({ head: { kid: "k1" } })}`);
    await scheme.verify(good, nowMs);
    const token = await signToken({ head: { kid: "k2" }, key: foreign.privateKey });
    const diagnosis = await scheme.explain?.(withHeader(`Bearer ${token}`), nowMs + 12_000);
    expect(diagnosis?.message).toContain("last fetched 12 s before");
    expect(asked).toBe(1);
  });
});

describe("the body's hash", () => {
  const explainBody = async (body: string | Uint8Array, signed: string, options: Partial<JwtOptions> = { bodyHash }) =>
    explain(`Bearer ${await signToken({ claims: { body: signed } })}`, options, Buffer.from(body));
  const compact = '{"id":1,"a":[2,3]}';

  test.each([
    ["body-reserialized", '{ "id": 1, "a": [2, 3] }', hashOf(compact).digest("hex")],
    ["body-line-endings", `${compact}\n`, hashOf(compact).digest("hex")],
    ["body-base64", Buffer.from(compact).toString("base64"), hashOf(compact).digest("hex")],
    ["signature-encoding", compact, hashOf(compact).digest("base64")],
    ["signature-algorithm", compact, hashOf(compact, "sha512").digest("hex")],
    ["unknown", compact, hashOf("other").digest("hex")],
  ])("finds %s", async (cause, body, signed) => {
    expect(await explainBody(body, signed)).toMatchObject({ cause });
  });

  test("that fits leaves the word to the time", async () => {
    const claims = { body: hashOf(tokenBody).digest("hex"), exp: now - 900 };
    expect(await explainToken({ claims }, { bodyHash })).toMatchObject({ cause: "clock-skew" });
  });

  test("that is missing is told", async () => {
    expect(await explain(`Bearer ${await signToken()}`, { bodyHash }, tokenBody)).toMatchObject({
      cause: "token-claim",
    });
  });

  test("says so plainly of a body over 1 MiB", async () => {
    const diagnosis = await explainBody(Buffer.alloc(1024 * 1024 + 1, 0x20), hashOf("x").digest("hex"));
    expect(diagnosis).toMatchObject({ cause: "unknown", message: expect.stringContaining("over 1 MiB") });
  });

  test("says nothing of a body that was not read", async () => {
    expect(await explainBody("", hashOf(compact).digest("hex"))).toBeUndefined();
  });
});

describe("the place", () => {
  test("a prefix that is missing or too much is told", async () => {
    const token = await signToken();
    for (const value of [token, `Token ${token}`, `Bearer Bearer ${token}`, `Bearer "${token}"`, `Bearer  ${token}`]) {
      const diagnosis = await explain(value);
      expect([value.length, diagnosis?.cause]).toEqual([value.length, "signature-prefix"]);
    }
    const scheme = tokenScheme({ header: "x-token" });
    expect(await scheme.explain?.(withHeader(`Bearer ${token}`, "X-Token"), nowMs)).toMatchObject({
      cause: "signature-prefix",
    });
  });

  test("a token in another header or in the query is found when it is good", async () => {
    const token = await signToken();
    expect(await tokenScheme().explain?.(withHeader(`Bearer ${token}`, "X-Original-Auth"), nowMs)).toMatchObject({
      cause: "other-place",
      message: expect.stringContaining("header x-original-auth"),
    });
    const incoming = toIncomingDelivery({ url: `/hook?jwt=${token}`, headers: { host: "a" }, body: tokenBody });
    const delivery = toDelivery(incoming, tokenBody, nowMs);
    expect((await tokenScheme().explain?.(delivery, nowMs))?.message).toContain("query parameter jwt");
    const bad = await signToken({ key: foreign.privateKey });
    expect(await tokenScheme().explain?.(withHeader(bad, "X-Auth"), nowMs)).toMatchObject({ cause: "unknown" });
  });

  test.each(["no token", "Bearer a.b", "Bearer ", `Bearer ${"e".repeat(20_000)}`, `Bearer ${"e.".repeat(4_000)}`])(
    "%.20s is explained by its error, without its text",
    async (value) => {
      const diagnosis = await explain(value);
      expect(diagnosis).toMatchObject({ cause: "unknown", message: expect.stringContaining("ERR_TOKEN_INVALID") });
      expect(diagnosis?.message).not.toContain(value);
    },
  );
});

test("no diagnosis shows a piece of the token", async () => {
  for (const changes of [{ claims: { exp: 1 } }, { claims: { aud: "x" } }, { key: foreign.privateKey }]) {
    const token = await signToken(changes);
    const diagnosis = await explain(`Bearer ${token}`);
    for (let start = 0; start + 8 <= token.length; start++) {
      expect(diagnosis?.message).not.toContain(token.slice(start, start + 8));
    }
  }
});
