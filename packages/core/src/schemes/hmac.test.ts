import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";

import type { Delivery } from "../delivery.ts";
import { toDelivery, toIncomingDelivery } from "../incoming-delivery.ts";
import { refusalOf, thrownBy } from "../test-support/caught.ts";
import { hmac } from "./hmac.ts";
import type { HmacOptions } from "./hmac.ts";

const nowMs = 1_768_478_400_000;

function deliveryOf(
  body: string | Uint8Array,
  signature: string,
  headers: Readonly<Record<string, string>> = {},
): Delivery {
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  const incoming = toIncomingDelivery({ headers: { "X-Sig": signature, ...headers }, body: bytes });
  return toDelivery(incoming, bytes, nowMs);
}

const sign = (body: string | Uint8Array, secret: string | Uint8Array, hash = "sha256"): string =>
  createHmac(hash, secret).update(body).digest("hex");

const scheme = (options: Partial<HmacOptions> = {}) =>
  hmac({ secrets: "first secret", header: "X-Sig", encoding: "hex", ...options });

const verify = (delivery: Delivery, options: Partial<HmacOptions> = {}) => scheme(options).verify(delivery, nowMs);

/** Key, data and digests of RFC 4231 (test cases 1, 2, 3, 6) and of RFC 2202 (HMAC-SHA-1, the same keys and data). */
const vectors = [
  [
    "RFC 4231 case 1",
    "sha256",
    "0b".repeat(20),
    "Hi There",
    "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
  ],
  [
    "RFC 4231 case 1",
    "sha384",
    "0b".repeat(20),
    "Hi There",
    "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6",
  ],
  [
    "RFC 4231 case 2",
    "sha256",
    "4a656665",
    "what do ya want for nothing?",
    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  ],
  [
    "RFC 4231 case 2",
    "sha512",
    "4a656665",
    "what do ya want for nothing?",
    "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
  ],
  [
    "RFC 4231 case 3",
    "sha256",
    "aa".repeat(20),
    "\u00dd".repeat(50),
    "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
  ],
  [
    "RFC 4231 case 6",
    "sha256",
    "aa".repeat(131),
    "Test Using Larger Than Block-Size Key - Hash Key First",
    "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
  ],
  ["RFC 2202 case 1", "sha1", "0b".repeat(20), "Hi There", "b617318655057264e28bc0b6fb378c8ef146be00"],
  ["RFC 2202 case 2", "sha1", "4a656665", "what do ya want for nothing?", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"],
] as const;

describe("published vectors", () => {
  test.each(vectors)("%s, %s", (_case, hash, key, data, digest) => {
    const delivery = deliveryOf(Buffer.from(data, "latin1"), digest);
    expect(verify(delivery, { secrets: Buffer.from(key, "hex"), hash })).toBe(delivery.body);
  });
});

describe("a signature that is good", () => {
  test.each(["hex", "base64", "base64url"] as const)("passes in %s, with and without a prefix", (encoding) => {
    const signature = Buffer.from(sign("{}", "first secret"), "hex").toString(encoding);
    const plain = deliveryOf("{}", signature);
    expect(verify(plain, { encoding })).toBe(plain.body);
    const prefixed = deliveryOf("{}", `sha256=${signature}`);
    expect(verify(prefixed, { encoding, prefix: "sha256=" })).toBe(prefixed.body);
  });

  test.each([
    ["a byte order mark", "efbbbf7b7d"],
    ["a byte that is not UTF-8", "7bff7d"],
    ["line ends of Windows", "7b0d0a7d"],
    ["a line end at the end", "7b7d0a"],
    ["nothing at all", ""],
  ])("passes over the exact bytes of a body with %s", (_what, hex) => {
    const body = Buffer.from(hex, "hex");
    expect(verify(deliveryOf(body, sign(body, "first secret")))).toBeInstanceOf(Uint8Array);
  });

  test("tells bodies apart that mean the same", async () => {
    const signature = sign('{"a":1.0,"b":"\\u0026"}', "first secret");
    for (const body of ['{"a":1,"b":"&"}', '{"a":1.0,"b":"&"}', '{"a":1.0,"b":"\\u0026"}\n']) {
      expect(await refusalOf(() => verify(deliveryOf(body, signature)))).toBe("ERR_SIGNATURE_MISMATCH 401");
    }
  });

  test("may be made with any of several secrets, in either order, bytes and text mixed", async () => {
    const [text, bytes] = ["first secret", Buffer.from("00ff10", "hex")];
    for (const secrets of [
      [text, bytes],
      [bytes, text],
    ]) {
      for (const secret of secrets) expect(verify(deliveryOf("{}", sign("{}", secret)), { secrets })).toHaveLength(2);
      const third = deliveryOf("{}", sign("{}", "third secret"));
      expect(await refusalOf(() => verify(third, { secrets }))).toBe("ERR_SIGNATURE_MISMATCH 401");
    }
  });

  test("may come from a resolver, alone or beside a fixed secret", async () => {
    const resolver = async () => ["old", "resolved"];
    for (const secrets of [resolver, [resolver, "fixed"], ["fixed", resolver]]) {
      const delivery = deliveryOf("{}", sign("{}", "resolved"));
      expect(await verify(delivery, { secrets })).toBe(delivery.body);
      const forged = deliveryOf("{}", sign("{}", "guessed"));
      expect(await refusalOf(() => verify(forged, { secrets }))).toBe("ERR_SIGNATURE_MISMATCH 401");
    }
  });

  test("uses a secret as UTF-8, white space around it included", () => {
    expect(verify(deliveryOf("{}", sign("{}", " gehëim \n")), { secrets: " gehëim \n" })).toHaveLength(2);
  });

  test("is not touched by what happens to the bytes of a secret later", () => {
    const secret = Buffer.from("a secret in a buffer");
    const made = scheme({ secrets: secret });
    const delivery = deliveryOf("{}", sign("{}", secret));
    secret.fill(0);
    expect(made.verify(delivery, nowMs)).toBe(delivery.body);
  });
});

describe("a signature that is not good", () => {
  const good = sign('{"id":"evt_1"}', "first secret");

  test("is refused for every change of one bit of the body and of the signature", async () => {
    const body = Buffer.from('{"id":"evt_1"}');
    for (let bit = 0; bit < body.length * 8; bit++) {
      const changed = Buffer.from(body);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(await refusalOf(() => verify(deliveryOf(changed, good)))).toBe("ERR_SIGNATURE_MISMATCH 401");
    }
    for (let bit = 0; bit < 256; bit++) {
      const changed = Buffer.from(good, "hex");
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const delivery = deliveryOf(body, changed.toString("hex"));
      expect(await refusalOf(() => verify(delivery))).toBe("ERR_SIGNATURE_MISMATCH 401");
    }
  });

  test("is refused when it is cut off or goes on", async () => {
    for (let length = 0; length < good.length; length++) {
      const refusal = await refusalOf(() => verify(deliveryOf('{"id":"evt_1"}', good.slice(0, length))));
      expect(refusal).toMatch(/^ERR_SIGNATURE_(?:MISSING|MALFORMED|MISMATCH) 401$/);
    }
    expect(await refusalOf(() => verify(deliveryOf('{"id":"evt_1"}', `${good}00`)))).toBe("ERR_SIGNATURE_MISMATCH 401");
  });

  test("is refused when it was made with another hash or with the empty secret", async () => {
    for (const signature of [
      sign("{}", "first secret", "sha1"),
      sign("{}", "first secret", "sha512"),
      sign("{}", ""),
    ]) {
      expect(await refusalOf(() => verify(deliveryOf("{}", signature)))).toBe("ERR_SIGNATURE_MISMATCH 401");
    }
  });
});

describe("a secret is refused at the start when it", () => {
  test.each([
    ["is missing", undefined],
    ["is null", null],
    ["is empty", ""],
    ["is blank", " \t\n"],
    ["is a prefix with nothing behind it", "whsec_"],
    ["has no bytes", new Uint8Array()],
    ["is nothing but zeros, which HMAC takes for the empty secret", new Uint8Array(32)],
    ["is nothing but zeros written as text", "\0\0"],
    ["is one of no secrets", []],
    ["is missing in a list", ["good", undefined]],
    ["is empty in a list", ["good", ""]],
    ["is a number", 12345],
    ["is an object", { secret: "x" }],
  ])("%s", (_what, secrets: unknown) => {
    // What a program without types, or an unset environment variable, hands over.
    const error = thrownBy(() => scheme({ secrets: secrets as string }));
    expect(error).toMatchObject({ name: "ConfigError", code: "ERR_SECRET_MISSING", status: 500 });
    expect(error.help).toContain("ERR_SECRET_MISSING.md");
  });

  test("comes back so from a resolver: unavailable, never verified", async () => {
    const forged = deliveryOf("{}", sign("{}", ""));
    for (const answer of [undefined, null, "", " ", [], ["good", ""], new Uint8Array(), new Uint8Array(8)]) {
      // What a vault without the entry, or a program without types, answers.
      const secrets = async () => answer as string;
      expect(await refusalOf(() => verify(forged, { secrets }))).toBe("ERR_KEY_SOURCE_EMPTY 503");
    }
  });
});

describe("a time that is signed", () => {
  const options = { content: "{timestamp}.{body}", timestamp: { header: "X-Time" } } as const;
  const at = (time: string, signedTime = time) =>
    deliveryOf("{}", sign(`${signedTime}.{}`, "first secret"), { "X-Time": time });

  test("passes within the tolerance and is refused beyond it", async () => {
    expect(verify(at(String(nowMs / 1000)), options)).toHaveLength(2);
    expect(await refusalOf(() => verify(at(String(nowMs / 1000 - 301)), options))).toBe("ERR_TIMESTAMP_STALE 401");
  });

  test("cannot be made younger", async () => {
    const old = String(nowMs / 1000 - 3600);
    const refusal = await refusalOf(() => verify(at(String(nowMs / 1000), old), options));
    expect(refusal).toBe("ERR_SIGNATURE_MISMATCH 401");
  });

  test("says nothing about its age to somebody who did not sign it", async () => {
    const forged = deliveryOf("{}", "00".repeat(32), { "X-Time": "1" });
    expect(await refusalOf(() => verify(forged, options))).toBe("ERR_SIGNATURE_MISMATCH 401");
  });

  test("is checked on the clock of a resolver's delivery as well", async () => {
    const secrets = async () => "first secret";
    const old = at(String(nowMs / 1000 - 301));
    expect(await refusalOf(() => verify(old, { ...options, secrets }))).toBe("ERR_TIMESTAMP_STALE 401");
  });
});

describe("a header of fields, with the time in one of them", () => {
  const options = {
    fields: { separator: ",", assign: "=", signature: "v1" },
    content: "{timestamp}.{body}",
    timestamp: { field: "t" },
  } as const;
  const time = String(nowMs / 1000);
  const good = sign(`${time}.{}`, "first secret");
  const other = sign(`${time}.{}`, "another secret");
  const verifyHeader = (header: string) => verify(deliveryOf("{}", header), options);

  test.each([
    ["alone", `t=${time},v1=${good}`],
    ["behind one of another secret", `t=${time},v1=${other},v1=${good}`],
    ["before one of another secret", `v1=${good},v1=${other},t=${time}`],
    ["beside other versions", `t=${time},v0=${other},v1=${good},v2=junk`],
  ])("is good when the signature stands %s", (_where, header) => {
    expect(verifyHeader(header)).toHaveLength(2);
  });

  test.each([
    ["only another version carries the signature", `t=${time},v0=${good}`, "ERR_SIGNATURE_MISSING 401"],
    ["no signature of the version is good", `t=${time},v0=${good},v1=${other}`, "ERR_SIGNATURE_MISMATCH 401"],
    ["the time is another", `t=${nowMs / 1000 + 1},v1=${good}`, "ERR_SIGNATURE_MISMATCH 401"],
    ["the time is written otherwise", `t=0${time},v1=${good}`, "ERR_SIGNATURE_MISMATCH 401"],
    ["the time is repeated", `t=${time},t=${time},v1=${good}`, "ERR_TIMESTAMP_INVALID 401"],
    ["the time is missing", `v1=${good}`, "ERR_SIGNATURE_MISSING 401"],
    ["the time is no number", `t=${time}zzz,v1=${good}`, "ERR_TIMESTAMP_INVALID 401"],
    ["the time is empty", `t=,v1=${good}`, "ERR_TIMESTAMP_INVALID 401"],
  ])("is refused when %s", async (_what, header, refusal) => {
    expect(await refusalOf(() => verifyHeader(header))).toBe(refusal);
  });

  test("is stale beyond the tolerance, and says so only to who signed it", async () => {
    const old = String(nowMs / 1000 - 301);
    const signed = sign(`${old}.{}`, "first secret");
    expect(await refusalOf(() => verifyHeader(`t=${old},v1=${signed}`))).toBe("ERR_TIMESTAMP_STALE 401");
    expect(await refusalOf(() => verifyHeader(`t=${old},v1=${other}`))).toBe("ERR_SIGNATURE_MISMATCH 401");
  });
});
