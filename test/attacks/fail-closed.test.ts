import { createHmac } from "node:crypto";

import type { Provider, Scheme } from "@hooklatch/core";
import { hmac, publicKey } from "@hooklatch/core/schemes";
import { chip } from "@hooklatch/providers/chip";
import { describe, expect, test } from "vitest";

import { inBatches } from "../support/in-batches.ts";
import { hosts, hostsBehindParser } from "../support/hosts.ts";
import { post } from "../support/post.ts";
import { createProbe } from "../support/probe.ts";
import { acme, acmeProvider, chipPublicKey, chipSigner, signers } from "../support/signing.ts";
import type { SignedRequest } from "../support/signing.ts";
import { start } from "../support/start.ts";
import { failOnUnhandled } from "../support/unhandled.ts";

failOnUnhandled();

const missing = {
  "the empty text": "",
  "blank text": " \t\n",
  "a byte order mark": "\uFEFF",
  "whsec_ alone": "whsec_",
  "whsec_ and a line break": "whsec_\n",
  "no bytes": new Uint8Array(),
  // HMAC pads a key with zeros: this one makes the same signatures as the empty key.
  "bytes that are all zero": new Uint8Array(32),
  "a zero character": "\0",
  undefined: undefined,
  null: null,
  "an empty list": [],
  "a list with one good and one empty secret": ["good-secret", ""],
};

describe("1: a missing secret", () => {
  test.each(Object.entries(missing))("%s stops the app at its start", (_name, secrets) => {
    // Untyped users and unset environment variables give values that the types forbid.
    expect(() => acmeProvider(secrets as string)).toThrow(
      expect.objectContaining({ name: "ConfigError", code: "ERR_SECRET_MISSING" }),
    );
  });

  test.each(["", "  ", undefined, [], [""]])("the public key %j stops the app at its start", (key) => {
    // As above: an unset environment variable.
    expect(() => chip({ publicKey: key as string })).toThrow(expect.objectContaining({ name: "ConfigError" }));
  });

  test("a number or an object is no secret", () => {
    // As above: an untyped user's mistake.
    expect(() => acmeProvider(12345 as unknown as string)).toThrow(expect.objectContaining({ name: "ConfigError" }));
    expect(() => acmeProvider({} as unknown as string)).toThrow(expect.objectContaining({ name: "ConfigError" }));
  });

  test("a receiver without a scheme is not made", () => {
    const { scheme: _scheme, ...rest } = acme.provider;
    // An untyped user's provider.
    expect(() => createProbe(rest as Provider<unknown>)).toThrow(expect.objectContaining({ name: "ConfigError" }));
  });
});

describe.each(hosts)("$name", (host) => {
  test.each(Object.entries(missing))(
    "1: a resolver that answers %s makes it 503, even for a fitting signature",
    async (_name, secrets) => {
      // What a resolver answers at run time is not what its type says.
      const { receiver, events } = createProbe(acmeProvider(async () => secrets as string));
      const { url } = await start(host, receiver);

      const answer = await post(url, acme.sign('{"type":"a"}', { secret: "" }));

      expect(answer).toMatchObject({ status: 503, headers: { "retry-after": expect.any(String) } });
      expect(events).toEqual([]);
    },
  );

  test("1: a resolver that throws, rejects or never has an answer of use makes it 503", async () => {
    const fail = () => {
      throw new Error("vault sealed");
    };
    for (const resolver of [async () => fail(), fail]) {
      const { url } = await start(host, createProbe(acmeProvider(resolver)).receiver);
      expect((await post(url, acme.event())).status).toBe(503);
    }
  });

  test.each<[string, () => unknown]>([
    ["true", () => true],
    ["1", () => 1],
    ["an object", () => ({ verified: true })],
    ["nothing", () => undefined],
    ["a promise of true", async () => true],
    ["a promise of nothing: the check was not awaited", async () => undefined],
    ["a copy of the bytes", () => Buffer.from("{}")],
    ["a thenable of true", () => ({ then: (resolve: (value: unknown) => void) => resolve(true) })],
    ["a rejection that is not ours", async () => Promise.reject(new TypeError("odd"))],
    ["a thrown Error", () => raise(new Error("odd"))],
    ["a thrown string", () => raise("odd")],
    ["a thrown undefined", () => raise(undefined)],
    ["a thrown true", () => raise(true)],
  ])("2: a scheme that answers with %s proves nothing", async (_name, verify) => {
    // A faulty scheme answers what its type forbids.
    const scheme = { headers: [], verify } as unknown as Scheme;
    const { receiver, events } = createProbe({ ...acme.provider, scheme });
    const { url } = await start(host, receiver);

    const answer = await post(url, { headers: { "content-type": "application/json" }, body: "{}" });

    expect(answer).toMatchObject({ status: 401, text: '{"error":"ERR_SCHEME_FAULTY"}' });
    expect(events).toEqual([]);
  });
});

describe.each([...hosts, ...hostsBehindParser])("$name", (host) => {
  describe.each(signers)("$name", (signer) => {
    const good = signer.event({ id: "order-77" });

    test("3: every one-byte change and every prefix of what was signed is refused, the original is not", async () => {
      const { receiver, events } = createProbe(signer.provider);
      const { url } = await start(host, receiver);

      const passed = await inBatches(changesOf(good, signer.signatureHeader), async ([name, changed]) => {
        const { status } = await post(url, changed);
        return status >= 400 && status <= 499 ? [] : [`${name}: ${status}`];
      });

      expect(passed).toEqual([]);
      expect(events).toEqual([]);
      expect(await post(url, good)).toMatchObject({ status: 200 });
      expect(events).toHaveLength(1);
    });

    test("3: the signature of one body does not carry over to another, nor its header to another name", async () => {
      const { receiver, events } = createProbe(signer.provider);
      const { url } = await start(host, receiver);
      const signature = good.headers[signer.signatureHeader];
      const { [signer.signatureHeader]: _signature, ...unsigned } = good.headers;

      const refused = [
        { ...good, body: signer.event({ type: "purchase.created" }).body },
        { ...good, body: Buffer.concat([good.body, Buffer.from(" ")]) },
        { headers: unsigned, body: good.body },
        { headers: { ...unsigned, authorization: signature }, body: good.body },
        { headers: { ...unsigned, [signer.signatureHeader.replaceAll("-", "_")]: signature }, body: good.body },
      ];

      for (const request of refused) expect((await post(url, request)).status).toBe(401);
      expect((await post(`${url}?${signer.signatureHeader}=${signature}`, { ...good, headers: unsigned })).status).toBe(
        401,
      );
      expect(events).toEqual([]);
    });
  });

  test("4: a good SHA-1 signature does not make up for a bad or a missing SHA-256 one", async () => {
    const secret = "shared-secret";
    const scheme = hmac({ header: "x-hub-signature-256", encoding: "hex", prefix: "sha256=", secrets: secret });
    const { receiver, events } = createProbe({ ...acme.provider, scheme });
    const { url } = await start(host, receiver);
    const body = '{"type":"a"}';
    const sha1 = `sha1=${createHmac("sha1", secret).update(body).digest("hex")}`;
    const sha256 = createHmac("sha256", secret).update(body).digest("hex");
    const headers = { "content-type": "application/json", "x-acme-id": "1", "x-hub-signature": sha1 };

    const downgraded = [
      undefined,
      sha1,
      `sha256=${"0".repeat(64)}`,
      `sha256=${createHmac("sha1", secret).update(body).digest("hex")}`,
      `sha512=${sha256}`,
      `v2=${sha256}`,
      `none=${sha256}`,
      `SHA256=${sha256}`,
      sha256,
      "sha256=",
      "none",
      "alg=none",
      JSON.stringify({ alg: "none" }),
    ];
    for (const value of downgraded) {
      const sent = value === undefined ? headers : { ...headers, "x-hub-signature-256": value };
      expect((await post(url, { headers: sent, body })).status).toBe(401);
    }
    expect(events).toEqual([]);
    expect((await post(url, { headers: { ...headers, "x-hub-signature-256": `sha256=${sha256}` }, body })).status).toBe(
      200,
    );
  });

  test("4: the public key used as an HMAC secret signs nothing, whatever algorithm the request names", async () => {
    const { receiver, events } = createProbe(chipSigner.provider);
    const { url } = await start(host, receiver);
    const { headers, body } = chipSigner.event();

    for (const hash of ["sha1", "sha256", "sha512"]) {
      const signature = createHmac(hash, chipPublicKey).update(body).digest("base64");
      for (const extra of [{}, { alg: "HS256" }, { "x-signature-algorithm": "HS256" }, { algorithm: "none" }]) {
        expect((await post(url, { headers: { ...headers, ...extra, "x-signature": signature }, body })).status).toBe(
          401,
        );
      }
    }
    expect(events).toEqual([]);
  });
});

test("4: keys of the wrong kind are refused at the start", () => {
  const place = { header: "x-signature", encoding: "base64" } as const;
  // Whoever has the public key, and that may be everybody, could sign.
  expect(() => hmac({ ...place, secrets: chipPublicKey })).toThrow(expect.objectContaining({ name: "ConfigError" }));
  expect(() => publicKey({ ...place, algorithm: "ed25519", keys: chipPublicKey })).toThrow(
    expect.objectContaining({ code: "ERR_KEY_INVALID" }),
  );
  expect(() => publicKey({ ...place, algorithm: "rsa-pkcs1", keys: "a shared secret" })).toThrow(
    expect.objectContaining({ code: "ERR_KEY_INVALID" }),
  );
});

/** Every request that differs from a good one in one byte of its body or of a signed header, and every prefix of those. */
function* changesOf({ headers, body }: SignedRequest, signatureHeader: string): Iterable<[string, SignedRequest]> {
  for (let index = 0; index < body.length; index++) {
    const changed = Buffer.from(body);
    changed[index] = (body[index] ?? 0) ^ 1;
    yield [`body byte ${index}`, { headers, body: changed }];
    yield [`body prefix ${index}`, { headers, body: body.subarray(0, index) }];
  }
  for (const [name, value] of Object.entries(headers)) {
    if (name === "content-type") continue;
    for (let index = 0; index < value.length; index++) {
      const flipped = String.fromCharCode(value.charCodeAt(index) ^ 1);
      const changed = value.slice(0, index) + flipped + value.slice(index + 1);
      yield [`${name} byte ${index}`, { headers: { ...headers, [name]: changed }, body }];
      if (name === signatureHeader) {
        yield [`${name} prefix ${index}`, { headers: { ...headers, [name]: value.slice(0, index) }, body }];
      }
    }
    yield [`${name} doubled`, { headers: { ...headers, [name]: `${value}, ${value}` }, body }];
    yield [`${name} in the other case`, { headers: { ...headers, [name]: swapCase(value) }, body }];
  }
}

/** Another text also where a value has no letters. */
function swapCase(value: string): string {
  const swapped = value.replaceAll(/[a-z]/gi, (letter) => (letter < "a" ? letter.toLowerCase() : letter.toUpperCase()));
  return swapped === value ? `${value}0` : swapped;
}

function raise(thrown: unknown): never {
  throw thrown;
}
