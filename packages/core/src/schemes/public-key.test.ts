import { constants, createPublicKey, createSecretKey, generateKeyPairSync, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { describe, expect, test } from "vitest";

import type { Delivery } from "../delivery.ts";
import { toDelivery, toIncomingDelivery } from "../incoming-delivery.ts";
import { refusalOf, thrownBy } from "../test-support/caught.ts";
import { publicKey } from "./public-key.ts";
import type { PublicKeyOptions } from "./public-key.ts";

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const otherRsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const pss = generateKeyPairSync("rsa-pss", {
  modulusLength: 2048,
  hashAlgorithm: "sha256",
  mgf1HashAlgorithm: "sha256",
});
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const ed = generateKeyPairSync("ed25519");

const pemOf = (key: KeyObject): string => key.export({ type: "spki", format: "pem" }).toString();

function deliveryOf(body: string | Uint8Array, signature: Uint8Array | string): Delivery {
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  const text = typeof signature === "string" ? signature : Buffer.from(signature).toString("base64");
  return toDelivery(toIncomingDelivery({ headers: { "x-signature": text, "x-id": "e" }, body: bytes }), bytes, 0);
}

const schemeOf = (options: Partial<PublicKeyOptions>) =>
  publicKey({
    keys: pemOf(rsa.publicKey),
    algorithm: "rsa-pkcs1",
    header: "X-Signature",
    encoding: "base64",
    ...options,
  });

const verify = (delivery: Delivery, options: Partial<PublicKeyOptions> = {}) => schemeOf(options).verify(delivery, 0);

const body = Buffer.from('{"id": "evt_1", "note": "é"}\n\u00ff', "latin1");
const psPadding = { padding: constants.RSA_PKCS1_PSS_PADDING };

/** Public key, message and signature of RFC 8032, section 7.1, tests 1 to 3. */
const ed25519Vectors = [
  [
    "1",
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    "",
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
  ],
  [
    "2",
    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    "72",
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
  ],
  [
    "3",
    "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
    "af82",
    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
  ],
] as const;

test.each(ed25519Vectors)("verifies RFC 8032 Ed25519 test %s", (_number, key, message, signature) => {
  const der = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), Buffer.from(key, "hex")]);
  const keys = createPublicKey({ key: der, format: "der", type: "spki" });
  const delivery = deliveryOf(Buffer.from(message, "hex"), signature);
  expect(verify(delivery, { keys, algorithm: "ed25519", encoding: "hex" })).toBe(delivery.body);
});

/** Every way to sign, with a signature made by node:crypto. */
const ways: readonly (readonly [string, Partial<PublicKeyOptions>, Uint8Array])[] = [
  ["RSA PKCS#1 v1.5 with SHA-256", {}, sign("sha256", body, rsa.privateKey)],
  ["RSA PKCS#1 v1.5 with SHA-512", { hash: "sha512" }, sign("sha512", body, rsa.privateKey)],
  [
    "RSA-PSS with a salt as long as the hash",
    { algorithm: "rsa-pss" },
    sign("sha256", body, { key: rsa.privateKey, ...psPadding, saltLength: 32 }),
  ],
  [
    "RSA-PSS with the longest salt",
    { algorithm: "rsa-pss" },
    sign("sha256", body, { key: rsa.privateKey, ...psPadding }),
  ],
  [
    "RSA-PSS with a key for nothing else",
    { algorithm: "rsa-pss", keys: pss.publicKey },
    sign("sha256", body, pss.privateKey),
  ],
  ["ECDSA in ASN.1", { algorithm: "ecdsa", keys: ec.publicKey }, sign("sha256", body, ec.privateKey)],
  [
    "ECDSA as JOSE lays it out",
    { algorithm: "ecdsa", keys: ec.publicKey, ecdsaFormat: "ieee-p1363" },
    sign("sha256", body, { key: ec.privateKey, dsaEncoding: "ieee-p1363" }),
  ],
  ["Ed25519", { algorithm: "ed25519", keys: ed.publicKey }, sign(null, body, ed.privateKey)],
];

describe.each(ways)("%s", (_way, options, signature) => {
  test("proves the exact bytes", () => {
    const delivery = deliveryOf(body, signature);
    expect(verify(delivery, options)).toBe(delivery.body);
  });

  test("is refused for every changed byte of body or signature, and when it is cut off", async () => {
    for (let index = 0; index < body.length; index++) {
      const changed = Buffer.from(body);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(await refusalOf(() => verify(deliveryOf(changed, signature), options))).toBe("ERR_SIGNATURE_MISMATCH 401");
    }
    for (const length of [1, 8, signature.length - 1]) {
      const refusal = await refusalOf(() => verify(deliveryOf(body, signature.subarray(0, length)), options));
      expect(refusal).toBe("ERR_SIGNATURE_MISMATCH 401");
    }
    for (let index = 0; index < signature.length; index++) {
      const changed = Buffer.from(signature);
      changed[index] = (changed[index] ?? 0) ^ 0x10;
      expect(await refusalOf(() => verify(deliveryOf(body, changed), options))).toBe("ERR_SIGNATURE_MISMATCH 401");
    }
    expect(await refusalOf(() => verify(deliveryOf(body, ""), options))).toBe("ERR_SIGNATURE_MISSING 401");
  });

  test.each([1, 64, 256, 2048])("is refused for %i bytes of nonsense", async (length) => {
    for (const fill of [0, 0x30, 0xff]) {
      const delivery = deliveryOf(body, Buffer.alloc(length, fill));
      expect(await refusalOf(() => verify(delivery, options))).toBe("ERR_SIGNATURE_MISMATCH 401");
    }
  });
});

test("one way to sign does not pass for another", async () => {
  for (const [, options, signature] of ways) {
    const outcomes = await Promise.all(
      ways.map(([, , other]) => refusalOf(() => verify(deliveryOf(body, other), options))),
    );
    const passed = ways.filter((_, index) => outcomes[index] === "nothing").map(([, , other]) => other);
    expect(passed).toContain(signature);
    // Only the two PSS signatures under the one RSA key pass for each other: any length of salt is PSS.
    expect(passed).toHaveLength(options.algorithm === "rsa-pss" && options.keys === undefined ? 2 : 1);
  }
});

test("takes no other length of salt than the one that an RSA-PSS key names", async () => {
  const signed = (saltLength: number) =>
    deliveryOf(body, sign("sha256", body, { key: pss.privateKey, ...psPadding, saltLength }));
  const options = { algorithm: "rsa-pss", keys: pss.publicKey } as const;
  expect(verify(signed(32), options)).toHaveProperty("length", body.length);
  expect(await refusalOf(() => verify(signed(64), options))).toBe("ERR_SIGNATURE_MISMATCH 401");
});

test("signs the joined content", async () => {
  const content = "{header:x-id}.{body}";
  const delivery = deliveryOf(body, sign("sha256", Buffer.concat([Buffer.from("e."), body]), rsa.privateKey));
  expect(verify(delivery, { content })).toBe(delivery.body);
  expect(await refusalOf(() => verify(delivery))).toBe("ERR_SIGNATURE_MISMATCH 401");
});

describe("a key", () => {
  const pem = pemOf(rsa.publicKey);
  const good = deliveryOf(body, sign("sha256", body, rsa.privateKey));

  test.each([
    ["PEM", pem],
    ["PEM with line ends of Windows", pem.replaceAll("\n", "\r\n")],
    ["PEM with its line breaks written out", pem.replaceAll("\n", "\\n")],
    ["PEM with line ends of Windows written out", pem.replaceAll("\n", "\\r\\n")],
    ["PEM with space around it", `\n  ${pem}  \n`],
    ["PKCS#1", rsa.publicKey.export({ type: "pkcs1", format: "pem" }).toString()],
    ["KeyObject", rsa.publicKey],
  ])("may be a %s", (_form, keys) => {
    expect(verify(good, { keys })).toBe(good.body);
  });

  test("may be one of several, in either order, and may be resolved", async () => {
    const [one, other] = [pem, otherRsa.publicKey];
    for (const keys of [[one, other], [other, one], [other, async () => [one]], async () => one]) {
      expect(await verify(good, { keys })).toBe(good.body);
    }
    expect(await refusalOf(() => verify(good, { keys: [other] }))).toBe("ERR_SIGNATURE_MISMATCH 401");
  });

  test.each([undefined, null, "", "  \n", 7, []])("that is %j is missing", (keys: unknown) => {
    // What a program without types, or an unset environment variable, hands over.
    expect(thrownBy(() => schemeOf({ keys: keys as string }))).toMatchObject({
      code: "ERR_SECRET_MISSING",
      status: 500,
    });
  });

  test.each([
    ["text that is no PEM", "MIIBIjANBg"],
    ["a PEM that is cut off", pem.slice(0, 200)],
    ["a private key", rsa.privateKey.export({ type: "pkcs8", format: "pem" }).toString()],
    ["a private KeyObject", rsa.privateKey],
    ["a secret KeyObject", createSecretKey(Buffer.from("secret"))],
    ["a key of another kind", ec.publicKey],
    ["a PSS key, where PKCS#1 is asked for", pss.publicKey],
  ])("that is %s is refused at the start", (_what, keys) => {
    expect(thrownBy(() => schemeOf({ keys }))).toMatchObject({
      name: "ConfigError",
      code: "ERR_KEY_INVALID",
      status: 500,
    });
  });

  test("that is private is not repeated in the error", () => {
    const secret = rsa.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const error = thrownBy(() => schemeOf({ keys: secret }));
    expect(`${error.message}${error.help}${String(error.cause)}`).not.toContain(secret.slice(60, 90));
  });

  test("that comes broken from a resolver makes the delivery wait, not pass", async () => {
    for (const [answer, refusal] of [
      ["no PEM", "ERR_KEY_SOURCE_UNAVAILABLE 503"],
      [ec.publicKey, "ERR_KEY_SOURCE_UNAVAILABLE 503"],
      ["", "ERR_KEY_SOURCE_EMPTY 503"],
    ] as const) {
      expect(await refusalOf(() => verify(good, { keys: async () => answer }))).toBe(refusal);
    }
  });
});

test.each([
  ["algorithm", { algorithm: "none" }],
  ["algorithm", { algorithm: "toString" }],
  ["hash", { hash: "sha257" }],
  ["ecdsaFormat", { algorithm: "ecdsa", keys: ec.publicKey, ecdsaFormat: "raw" }],
])("refuses a bad %s at the start and names it", (name, options: object) => {
  const error = thrownBy(() => schemeOf(options));
  expect(error).toMatchObject({ name: "ConfigError", code: "ERR_OPTION_INVALID" });
  expect(error.message).toContain(name);
});
