import { createHmac, generateKeyPairSync } from "node:crypto";
import type { webcrypto as crypto } from "node:crypto";

import { createSignature, webcrypto } from "http-message-sig";
import { createSigner, httpbis } from "http-message-signatures";
import { describe, expect, test } from "vitest";

import { contentDigest, created, messageBody, outcomeOfMessage } from "../../test-support/test-messages.ts";
import type { HttpMessageSignatureOptions } from "./options.ts";

const publicUrl = "https://hooks.example.com";
const url = "/hooks/orders?tenant=7";
const headers: Readonly<Record<string, string>> = {
  "content-type": "application/json",
  "content-digest": contentDigest(messageBody),
};
const components = ["@method", "@target-uri", "@authority", "@path", "@query", "content-type", "content-digest"];

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const ed = generateKeyPairSync("ed25519");
const secret = "a secret that only tests know";

/** The outcomes of a message as it was signed, and then with its method, its query and its body changed. */
async function outcomesOf(signed: Readonly<Record<string, string>>, options: Partial<HttpMessageSignatureOptions>) {
  const message = { method: "POST", url, headers: { ...headers, ...signed }, body: messageBody };
  const body = Buffer.concat([messageBody, Buffer.of(32)]);
  const outcomes: string[] = [];
  for (const change of [{}, { method: "PATCH" }, { url: `${url}1` }, { body }]) {
    const all = { components, publicUrl, keyId: "key-1", ...options };
    outcomes.push(await outcomeOfMessage({ ...message, ...change }, all));
  }
  return outcomes;
}

const provenAndThenRefused = ["nothing", ...Array<string>(3).fill("ERR_SIGNATURE_MISMATCH 401")];

describe("http-message-signatures signs what is proven here, by", () => {
  test.each<[HttpMessageSignatureOptions["algorithm"], Parameters<typeof createSigner>[0], unknown]>([
    ["ed25519", ed.privateKey, ed.publicKey],
    ["ecdsa-p256-sha256", ec.privateKey, ec.publicKey],
    ["rsa-v1_5-sha256", rsa.privateKey, rsa.publicKey],
    ["hmac-sha256", secret, secret],
  ])("%s", async (algorithm, key, keys) => {
    const signed = await httpbis.signMessage(
      {
        key: createSigner(key, algorithm, "key-1"),
        name: "sender",
        fields: components,
        params: ["created", "keyid", "alg", "expires", "nonce", "tag"],
        paramValues: {
          created: new Date(created * 1000),
          expires: new Date(created * 1000 + 60_000),
          nonce: "n",
          tag: "t",
        },
      },
      { method: "POST", url: publicUrl + url, headers: { ...headers } },
    );
    const { Signature: signature, "Signature-Input": input } = signed.headers;
    // The two kinds of options differ in their keys alone, and each algorithm stands beside its own.
    const options = { algorithm, keys, tag: "t" } as Partial<HttpMessageSignatureOptions>;
    const outcomes = await outcomesOf({ signature: String(signature), "signature-input": String(input) }, options);
    expect(outcomes).toEqual(provenAndThenRefused);
  });
});

describe("http-message-sig signs what is proven here, by", () => {
  test.each<["ed25519" | "rsa-pss-sha512", typeof rsa, Parameters<typeof crypto.subtle.importKey>[2]]>([
    ["ed25519", ed, "Ed25519"],
    ["rsa-pss-sha512", rsa, { name: "RSA-PSS", hash: "SHA-512" }],
  ])("%s", async (algorithm, pair, imported) => {
    const key = pair.privateKey.toCryptoKey(imported, false, ["sign"]);
    const { signature, signatureInput } = await createSignature(
      {
        kind: "request",
        method: "POST",
        targetUri: publicUrl + url,
        fields: Object.entries({ host: "hooks.example.com", ...headers }).map(([name, value]) => ({ name, value })),
      },
      {
        label: "sender",
        components,
        parameters: { created, keyid: "key-1", alg: algorithm },
        signer: webcrypto.signer(key),
      },
    );
    const options = { algorithm, keys: pair.publicKey };
    expect(await outcomesOf({ signature, "signature-input": signatureInput }, options)).toEqual(provenAndThenRefused);
  });
});

test("an HMAC by hand, over the lines as RFC 9421 writes them, is proven here", async () => {
  const parameters = `("@method" "@target-uri" "content-digest");created=${created};keyid="key-1"`;
  const base = [
    '"@method": POST',
    `"@target-uri": ${publicUrl}${url}`,
    `"content-digest": ${headers["content-digest"]}`,
    `"@signature-params": ${parameters}`,
  ].join("\n");
  const signature = createHmac("sha256", secret).update(base).digest("base64");
  const outcomes = await outcomesOf(
    { signature: `sig1=:${signature}:`, "signature-input": `sig1=${parameters}` },
    { algorithm: "hmac-sha256", keys: secret, components: ["@method", "@target-uri", "content-digest"] },
  );
  expect(outcomes).toEqual(provenAndThenRefused);
});
