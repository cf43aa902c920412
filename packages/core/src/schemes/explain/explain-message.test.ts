import { createHmac, generateKeyPairSync, sign } from "node:crypto";

import { describe, expect, test } from "vitest";

import {
  contentDigest,
  created,
  ed,
  lines,
  messageBody,
  messageScheme,
  signMessage,
  toMessageDelivery,
} from "../../test-support/test-messages.ts";
import type { Lines, Message } from "../../test-support/test-messages.ts";

type Options = NonNullable<Parameters<typeof messageScheme>[0]>;

async function explain(message: Message, options: Options = {}, nowMs = created * 1000) {
  const diagnosis = await messageScheme(options).explain?.(toMessageDelivery(message), nowMs);
  const [, signature = ""] = String(message.headers["signature"] ?? "").split("=:");
  for (let start = 0; start + 8 <= signature.length; start++) {
    expect(diagnosis?.message ?? "").not.toContain(signature.slice(start, start + 8));
  }
  return diagnosis;
}

/** A message signed by something else than the tests' own Ed25519 key. */
function signedBy(makes: (base: Buffer) => Buffer, parameters = `;created=${created}`): Message {
  const message = signMessage({ parameters });
  const base = Object.entries(lines).map(([identifier, value]) => `${identifier}: ${value}\n`);
  const content = `${base.join("")}"@signature-params": (${Object.keys(lines).join(" ")})${parameters}`;
  const signature = `sig1=:${makes(Buffer.from(content)).toString("base64")}:`;
  return { ...message, headers: { ...message.headers, signature } };
}

test("a good message needs no explanation", async () => {
  expect(await explain(signMessage())).toBeUndefined();
});

describe("the body", () => {
  const compact = Buffer.from('{"id":1,"a":[2,3]}');
  const message = signMessage({
    signed: { ...lines, '"content-digest"': contentDigest(compact) },
    headers: { "content-digest": contentDigest(compact) },
  });

  test.each([
    ["body-reserialized", '{ "id": 1, "a": [2, 3] }'],
    ["body-line-endings", `${compact.toString()}\n`],
    ["body-base64", compact.toString("base64")],
    ["body-bom", `\ufeff${compact.toString()}`],
    ["unknown", "another body"],
  ])("%s is found by the digest", async (cause, body) => {
    expect(await explain({ ...message, body: Buffer.from(body) })).toMatchObject({ cause });
  });

  test("over 1 MiB is said to be so", async () => {
    const diagnosis = await explain({ ...message, body: Buffer.alloc(1024 * 1024 + 1) });
    expect(diagnosis).toMatchObject({ cause: "unknown", message: expect.stringContaining("over 1 MiB") });
  });

  test("that was not read is not judged", async () => {
    expect(await explain({ ...message, body: Buffer.alloc(0) })).toBeUndefined();
  });
});

describe("time", () => {
  const at = (seconds: number, parameters = "") =>
    explain(signMessage({ parameters: `;created=${created}${parameters}` }), {}, (created + seconds) * 1000);

  test.each([
    [900, "", "created is 900 s behind"],
    [-900, "", "created is 900 s ahead of"],
    [200, `;expires=${created + 10}`, "expires is 190 s behind"],
  ])("%d s later is told", async (seconds, parameters, says) => {
    expect(await at(seconds, parameters)).toMatchObject({
      cause: "clock-skew",
      message: expect.stringContaining(says),
    });
  });

  test("that is off hides no other cause, and makes no wrong signature good", async () => {
    const late = (created + 900) * 1000;
    expect(await explain({ ...signMessage(), url: "/hooks/orders/" }, {}, late)).toMatchObject({
      cause: "url-changed",
    });
    const other = generateKeyPairSync("ed25519").publicKey;
    expect(await explain(signMessage(), { keys: other }, late)).toMatchObject({ cause: "unknown" });
  });
});

describe("what the signature says of itself", () => {
  test.each([
    ["a component", "signature-input", {}, { components: ["content-digest", "@query"] }, "does not cover @query"],
    ["created", "signature-input", { parameters: ';keyid="a"' }, {}, "no created"],
    ["the tag", "signature-input", {}, { tag: "shop" }, "tag is another"],
    ["the keyid", "key-id", {}, { keyId: "k1" }, "keyid is another"],
    ["the label", "signature-input", {}, { label: "sig2" }, "label"],
    ["alg", "signature-input", { parameters: `;created=${created};alg="rsa-v1_5-sha256"` }, {}, "not made by ed25519"],
  ] as const)("%s is told once the signature is proven", async (_what, cause, changes, options, says) => {
    const message = signMessage(changes);
    expect(await explain(message, options)).toMatchObject({ cause, message: expect.stringContaining(says) });
    const other = generateKeyPairSync("ed25519").publicKey;
    expect(await explain(message, Object.assign({ keys: other }, options))).toMatchObject({ cause: "unknown" });
  });
});

describe("the address", () => {
  const signedUrl = (signed: Lines, url: string, headers: Message["headers"] = {}): Message => ({
    ...signMessage({ signed: { ...lines, ...signed }, headers }),
    url,
  });
  const components = ["content-digest"];

  test.each([
    ["scheme", { '"@scheme"': "https" }, {}, "http://shop.example", "another scheme"],
    ["host", { '"@authority"': "hooks.example" }, { host: "hooks.example" }, "https://shop.example", "header host"],
    [
      "forwarded host",
      { '"@authority"': "hooks.example" },
      { "x-forwarded-host": "hooks.example, inner" },
      "https://shop.example",
      "x-forwarded-host",
    ],
    ["port", { '"@authority"': "shop.example" }, {}, "https://shop.example:8443", "without the port"],
  ])(
    "with another %s than publicUrl is found, and the option named",
    async (_what, signed, headers, publicUrl, says) => {
      const { '"@path"': _path, ...rest } = lines;
      const message = { ...signMessage({ signed: { ...rest, ...signed }, headers }), url: "/x" };
      const diagnosis = await explain(message, { components, publicUrl });
      expect(diagnosis).toMatchObject({ cause: "url-changed", message: expect.stringContaining(says) });
      expect(diagnosis?.message).toContain("publicUrl");
    },
  );

  test.each([
    ["a prefix cut off, which a header names", "/orders?tenant=7", { "x-forwarded-prefix": "/hooks" }],
    ["another path, which a header holds", "/inner", { "x-original-uri": "/hooks/orders?tenant=7" }],
    ["a prefix put before it", "/v1/hooks/orders", {}],
    ["a slash behind it", "/hooks/orders/", {}],
  ])("with %s is found", async (_what, url, headers) => {
    expect(await explain(signedUrl({}, url, headers))).toMatchObject({ cause: "url-changed" });
  });

  test("that nothing tells of is unknown, and that is said", async () => {
    const diagnosis = await explain(signedUrl({}, "/orders"));
    expect(diagnosis).toMatchObject({ cause: "unknown", message: expect.stringContaining("cuts a prefix") });
  });

  test("in a covered host header is found", async () => {
    const message = signMessage({ signed: { ...lines, '"host"': "shop.example" }, headers: { host: "inner:8080" } });
    expect(await explain(message, { publicUrl: "https://shop.example" })).toMatchObject({ cause: "url-changed" });
  });
});

describe("how it was made", () => {
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });

  test.each([
    ["", `;created=${created};alg="rsa-v1_5-sha256"`],
    ["", `;created=${created}`],
  ])("another padding is found%s", async (_what, parameters) => {
    const message = signedBy((base) => sign("sha256", base, rsa.privateKey), parameters);
    const options: Options = { algorithm: "rsa-pss-sha512", keys: rsa.publicKey };
    expect(await explain(message, options)).toMatchObject({
      cause: "signature-algorithm",
      message: expect.stringContaining("rsa-v1_5-sha256"),
    });
  });

  test("ECDSA in DER is found", async () => {
    const message = signedBy((base) => sign("sha256", base, ec.privateKey));
    const diagnosis = await explain(message, { algorithm: "ecdsa-p256-sha256", keys: ec.publicKey });
    expect(diagnosis).toMatchObject({ cause: "signature-algorithm", message: expect.stringContaining("DER") });
  });

  test("a secret with white space is found", async () => {
    const message = signedBy((base) => createHmac("sha256", "the platform's secret").update(base).digest());
    const options: Options = { algorithm: "hmac-sha256", keys: "the platform's secret\n" };
    const diagnosis = await explain(message, options);
    expect(diagnosis).toMatchObject({ cause: "secret-white-space" });
    expect(diagnosis?.message).not.toContain("platform's");
  });

  test.each([
    ["hex", (bytes: Buffer) => bytes.toString("hex")],
    ["base64url between colons", (bytes: Buffer) => `:${bytes.toString("base64url")}:`],
    ["base64 in quotes", (bytes: Buffer) => `"${bytes.toString("base64")}"`],
    ["bare base64", (bytes: Buffer) => bytes.toString("base64")],
  ])("a signature in %s is found", async (_what, spell) => {
    const message = signMessage();
    const bytes = Buffer.from(String(message.headers["signature"]).slice("sig1=:".length, -1), "base64");
    const headers = { ...message.headers, signature: `sig1=${spell(bytes)}` };
    expect(await explain({ ...message, headers })).toMatchObject({ cause: "signature-encoding" });
  });
});

describe("a header", () => {
  const without = (name: string, more: Message["headers"] = {}): Message => {
    const { [name]: value = "", ...headers } = signMessage().headers;
    return {
      ...signMessage(),
      headers: { ...headers, ...more, ...(name in more ? {} : { [`x-original-${name}`]: value }) },
    };
  };

  test.each(["signature", "signature-input", "content-digest"])("%s is found under another name", async (name) => {
    expect(await explain(without(name))).toMatchObject({
      cause: "header-renamed",
      message: expect.stringContaining(`x-original-${name} is there`),
    });
  });

  test("signature never passes for signature-input", async () => {
    const { "signature-input": _input, ...headers } = signMessage().headers;
    expect(await explain({ ...signMessage(), headers })).toMatchObject({ cause: "unknown" });
  });

  test("of the drafts before the RFC is told apart", async () => {
    const { "signature-input": _input, ...headers } = signMessage().headers;
    const signature = 'keyId="k1",algorithm="hs2019",headers="date",signature="abc"';
    expect((await explain({ ...signMessage(), headers: { ...headers, signature } }))?.message).toContain("drafts");
  });
});

test("no key source is asked", async () => {
  let asked = 0;
  const options: Options = { keys: async () => (asked++, ed.publicKey) };
  expect(await explain(signMessage(), options)).toMatchObject({ cause: "unknown" });
  expect(asked).toBe(0);
});

test.each([
  ["100,000 letters", "a".repeat(100_000)],
  ["many members", "a=:AA==:,".repeat(900)],
  ["a line break", "sig1=:AA==:\n[hooklatch] forged"],
  ["equals signs", "=".repeat(8_000)],
])("a signature of %s is explained in bounded time", async (_what, signature) => {
  const startedAt = performance.now();
  for (const name of ["signature", "signature-input", "content-digest", "host", "forwarded"]) {
    const message = { ...signMessage(), url: `/${"a/".repeat(4_000)}`, body: messageBody };
    const diagnosis = await explain({ ...message, headers: { ...message.headers, [name]: signature } });
    expect(diagnosis?.message).not.toContain("forged");
  }
  expect(performance.now() - startedAt).toBeLessThan(3_000);
});
