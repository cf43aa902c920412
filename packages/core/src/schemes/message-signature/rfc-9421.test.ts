import { createPublicKey } from "node:crypto";

import { describe, expect, test } from "vitest";

import { toDelivery, toIncomingDelivery } from "../../incoming-delivery.ts";
import { refusalOf } from "../../test-support/caught.ts";
import { httpMessageSignature } from "../http-message-signature.ts";
import { messageSignatureAlgorithms } from "./algorithms.ts";
import type { MessageSignatureAlgorithm } from "./algorithms.ts";
import { componentLine } from "./components.ts";
import type { HttpMessageSignatureOptions } from "./options.ts";
import { isInnerList, readDictionary } from "./structured-field.ts";

/** The keys of RFC 9421, appendix B.1. */
const rsaKey = `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAr4tmm3r20Wd/PbqvP1s2
+QEtvpuRaV8Yq40gjUR8y2Rjxa6dpG2GXHbPfvMs8ct+Lh1GH45x28Rw3Ry53mm+
oAXjyQ86OnDkZ5N8lYbggD4O3w6M6pAvLkhk95AndTrifbIFPNU8PPMO7OyrFAHq
gDsznjPFmTOtCEcN2Z1FpWgchwuYLPL+Wokqltd11nqqzi+bJ9cvSKADYdUAAN5W
Utzdpiy6LbTgSxP7ociU4Tn0g5I6aDZJ7A8Lzo0KSyZYoA485mqcO0GVAdVw9lq4
aOT9v6d+nb4bnNkQVklLQ3fVAvJm+xdDOp9LCNCN48V2pnDOkFV6+U9nV5oyc6XI
2wIDAQAB
-----END PUBLIC KEY-----`;
const edKey = createPublicKey({
  key: { kty: "OKP", crv: "Ed25519", x: "JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs" },
  format: "jwk",
});
const ecKey = createPublicKey({
  key: {
    kty: "EC",
    crv: "P-256",
    x: "qIVYZVLCrPZHGHjP17CTW0_-D9Lfw0EkjqF7xB4FivA",
    y: "Mc4nN9LTDOBhfoUeg8Ye9WedFRhnZXZJA12Qp0zZ6F0",
  },
  format: "jwk",
});
const secret = Buffer.from(
  "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==",
  "base64",
);

const created = 1_618_884_473;
const publicUrl = "https://example.com";
const body = Buffer.from('{"hello": "world"}');

/** The request of appendix B.2, with one of its signatures. */
function requestWith(label: string, input: string, signature: string) {
  const headers = {
    host: "example.com",
    date: "Tue, 20 Apr 2021 02:07:55 GMT",
    "content-type": "application/json",
    "content-digest":
      "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:",
    "content-length": "18",
    "signature-input": `${label}=${input}`,
    signature: `${label}=:${signature}:`,
  };
  const incoming = toIncomingDelivery({ url: "/foo?param=Value&Pet=dog", headers, body });
  return toDelivery(incoming, body, created * 1000);
}

interface Vector {
  readonly label: string;
  readonly algorithm: MessageSignatureAlgorithm;
  readonly key: string | Buffer | typeof edKey;
  readonly input: string;
  readonly signature: string;
}

const b21: Vector = {
  label: "sig-b21",
  algorithm: "rsa-pss-sha512",
  key: rsaKey,
  input: `();created=${created};keyid="test-key-rsa-pss";nonce="b3k2pp5k7z-50gnwp.yemd"`,
  signature:
    "d2pmTvmbncD3xQm8E9ZV2828BjQWGgiwAaw5bAkgibUopemLJcWDy/lkbbHAve4cRAtx31Iq786U7it++wgGxbtRxf8Udx7zFZsckzXaJMkA7ChG52eSkFxykJeNqsrWH5S+oxNFlD4dzVuwe8DhTSja8xxbR/Z2cOGdCbzR72rgFWhzx2VjBqJzsPLMIQKhO4DGezXehhWwE56YCE+O6c0mKZsfxVrogUvA4HELjVKWmAvtl6UnCh8jYzuVG5WSb/QEVPnP5TmcAnLH1g+s++v6d4s8m0gCw1fV5/SITLq9mhho8K3+7EPYTU8IU1bLhdxO5Nyt8C8ssinQ98Xw9Q==",
};
const b22: Vector = {
  label: "sig-b22",
  algorithm: "rsa-pss-sha512",
  key: rsaKey,
  input: `("@authority" "content-digest" "@query-param";name="Pet");created=${created};keyid="test-key-rsa-pss";tag="header-example"`,
  signature:
    "LjbtqUbfmvjj5C5kr1Ugj4PmLYvx9wVjZvD9GsTT4F7GrcQEdJzgI9qHxICagShLRiLMlAJjtq6N4CDfKtjvuJyE5qH7KT8UCMkSowOB4+ECxCmT8rtAmj/0PIXxi0A0nxKyB09RNrCQibbUjsLS/2YyFYXEu4TRJQzRw1rLEuEfY17SARYhpTlaqwZVtR8NV7+4UKkjqpcAoFqWFQh62s7Cl+H2fjBSpqfZUJcsIk4N6wiKYd4je2U/lankenQ99PZfB4jY3I5rSV2DSBVkSFsURIjYErOs0tFTQosMTAoxk//0RoKUqiYY8Bh0aaUEb0rQl3/XaVe4bXTugEjHSw==",
};
const b23: Vector = {
  label: "sig-b23",
  algorithm: "rsa-pss-sha512",
  key: rsaKey,
  input: `("date" "@method" "@path" "@query" "@authority" "content-type" "content-digest" "content-length");created=${created};keyid="test-key-rsa-pss"`,
  signature:
    "bbN8oArOxYoyylQQUU6QYwrTuaxLwjAC9fbY2F6SVWvh0yBiMIRGOnMYwZ/5MR6fb0Kh1rIRASVxFkeGt683+qRpRRU5p2voTp768ZrCUb38K0fUxN0O0iC59DzYx8DFll5GmydPxSmme9v6ULbMFkl+V5B1TP/yPViV7KsLNmvKiLJH1pFkh/aYA2HXXZzNBXmIkoQoLd7YfW91kE9o/CCoC1xMy7JA1ipwvKvfrs65ldmlu9bpG6A9BmzhuzF8Eim5f8ui9eH8LZH896+QIF61ka39VBrohr9iyMUJpvRX2Zbhl5ZJzSRxpJyoEZAFL2FUo5fTIztsDZKEgM4cUA==",
};
const b25: Vector = {
  label: "sig-b25",
  algorithm: "hmac-sha256",
  key: secret,
  input: `("date" "@authority" "content-type");created=${created};keyid="test-shared-secret"`,
  signature: "pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=",
};
const b26: Vector = {
  label: "sig-b26",
  algorithm: "ed25519",
  key: edKey,
  input: `("date" "@method" "@path" "@authority" "content-type" "content-length");created=${created};keyid="test-key-ed25519"`,
  signature: "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==",
};

function outcomeOf(
  { label, algorithm, key, input, signature }: Vector,
  more: Partial<HttpMessageSignatureOptions> = {},
) {
  // The two kinds of options differ in their keys alone, which stand beside the algorithm in each vector.
  const options = {
    algorithm,
    keys: key,
    components: ["content-digest"],
    publicUrl,
    ...more,
  } as HttpMessageSignatureOptions;
  const delivery = requestWith(label, input, signature);
  return refusalOf(async () => expect(await httpMessageSignature(options).verify(delivery, created * 1000)).toBe(body));
}

describe("the vectors of RFC 9421 that cover the body", () => {
  test("B.2.2: a header, a digest and a query parameter, with a tag", async () => {
    expect(await outcomeOf(b22, { tag: "header-example", keyId: "test-key-rsa-pss" })).toBe("nothing");
    expect(await outcomeOf(b22, { tag: "another" })).toBe("ERR_SIGNATURE_MALFORMED 401");
  });

  test("B.2.3: everything", async () => {
    const components = ["date", "@method", "@path", "@query", "@authority", "content-digest", "content-length"];
    expect(await outcomeOf(b23, { components })).toBe("nothing");
    expect(await outcomeOf(b23, { components, publicUrl: "https://example.org" })).toBe("ERR_SIGNATURE_MISMATCH 401");
  });
});

test.each([
  ["B.2.1, which covers nothing", b21],
  ["B.2.5, which does not cover the body", b25],
  ["B.2.6, which does not cover the body", b26],
])("%s, is refused though its signature is right", async (_what, vector) => {
  expect(isSignatureRight(vector)).toBe(true);
  expect(await outcomeOf(vector)).toBe("ERR_SIGNATURE_MALFORMED 401");
});

test("B.2.4: the signature of a response, by ECDSA", () => {
  const base = [
    '"@status": 200',
    '"content-type": application/json',
    '"content-digest": sha-512=:mEWXIS7MaLRuGgxOBdODa3xqM1XdEvxoYhvlCFJ41QJgJc4GTsPp29l5oGX69wWdXymyU0rjJuahq4l5aGgfLQ==:',
    '"content-length": 23',
    `"@signature-params": ("@status" "content-type" "content-digest" "content-length");created=${created};keyid="test-key-ecc-p256"`,
  ];
  const signature = "wNmSUAhwb5LxtOtOpNa6W5xj067m5hFrj0XQ4fvpaCLx0NKocgPquLgyahnzDnDAUy5eCdlYUEkLIj+32oiasw==";
  const { read, verify } = messageSignatureAlgorithms["ecdsa-p256-sha256"];
  expect(verify(Buffer.from(base.join("\n")), read(ecKey), Buffer.from(signature, "base64"))).toBe(true);
});

/** Whether a vector's signature is right over the lines that we derive, whatever it covers. */
function isSignatureRight({ label, algorithm, key, input, signature }: Vector): boolean {
  const delivery = requestWith(label, input, signature);
  const list = readDictionary(delivery, "signature-input").get(label);
  if (!isInnerList(list)) throw new Error("no list");
  const base = list[0].map((item) => componentLine(item, delivery, new URL(publicUrl)));
  const { read, verify } = messageSignatureAlgorithms[algorithm];
  const content = Buffer.from(`${base.join("")}"@signature-params": ${input}`);
  return verify(content, read(key), Buffer.from(signature, "base64"));
}
