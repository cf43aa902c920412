import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { describe, expect, test } from "vitest";

import { refusalOf, thrownBy } from "../test-support/caught.ts";
import {
  answer,
  deliveryOf,
  headersOf,
  nowMs,
  otherSecret,
  signWith,
  vector,
} from "../test-support/standard-message.ts";
import { standardWebhooks } from "./standard-webhooks.ts";
import type { StandardWebhooksOptions } from "./standard-webhooks.ts";

const { secret, publicKey } = vector;
const mismatch = "ERR_SIGNATURE_MISMATCH 401";
const otherPair = generateKeyPairSync("ed25519");
const otherPublicKey = `whpk_${otherPair.publicKey.export({ type: "spki", format: "der" }).subarray(-32).toString("base64")}`;

describe("the secrets and keys of Standard Webhooks", () => {
  const padded = Buffer.from("a secret of 25 bytes, odd").toString("base64");
  const message = headersOf(signWith(padded));

  test.each([
    ["with its prefix", `whsec_${padded}`],
    ["without its prefix", padded],
    ["without its padding", `whsec_${padded.replace(/=+$/, "")}`],
    ["with half of its padding", padded.replace(/=$/, "")],
    ["with white space around it", ` whsec_${padded}\n`],
  ])("may be written %s", async (_how, secrets) => {
    expect(padded).toMatch(/==$/);
    expect(await answer(standardWebhooks({ secrets }), message)).toBe("nothing");
  });

  test.each([publicKey, publicKey.replace("whpk_", ""), publicKey.replace("=", ""), ` ${publicKey}\n`])(
    "may be the public key %j",
    async (publicKeys) => {
      expect(await answer(standardWebhooks({ publicKeys }), headersOf(vector.v1a))).toBe("nothing");
    },
  );

  test("may be several, in either order, fixed or resolved", async () => {
    for (const secrets of [
      [secret, otherSecret],
      [otherSecret, secret],
      [otherSecret, async () => secret],
      async () => [otherSecret, secret],
    ]) {
      for (const signature of [vector.v1, signWith(otherSecret)]) {
        expect(await answer(standardWebhooks({ secrets }), headersOf(signature))).toBe("nothing");
      }
    }
    const text = Buffer.from(`${vector.id}.${vector.time}.${vector.body}`);
    const byOther = `v1a,${sign(null, text, otherPair.privateKey).toString("base64")}`;
    for (const publicKeys of [
      [publicKey, otherPublicKey],
      [otherPublicKey, publicKey],
      async () => [publicKey, otherPublicKey],
    ]) {
      for (const signature of [vector.v1a, byOther]) {
        expect(await answer(standardWebhooks({ publicKeys }), headersOf(signature))).toBe("nothing");
      }
    }
  });

  test("are asked for anew no earlier than the cooldown says", async () => {
    let calls = 0;
    const secrets = async () => (++calls === 1 ? otherSecret : secret);
    const scheme = standardWebhooks({ secrets, refreshCooldownMs: 1000, cacheMs: 60_000, toleranceMs: 60_000 });
    const verifyAt = (offMs: number) => refusalOf(() => scheme.verify(deliveryOf(headersOf(vector.v1)), nowMs + offMs));
    expect(await verifyAt(0)).toBe(mismatch);
    expect(await verifyAt(999)).toBe(mismatch);
    expect(await verifyAt(1000)).toBe("nothing");
    expect(calls).toBe(2);
  });

  test("that cannot be resolved make the delivery unavailable, whatever another version says", async () => {
    const down = () => Promise.reject(new Error("down"));
    const scheme = standardWebhooks({ secrets: down, publicKeys: publicKey });
    expect(await answer(scheme, headersOf(`${signWith(otherSecret)} ${vector.v1a}`))).toBe("nothing");
    expect(await answer(scheme, headersOf(signWith(otherSecret)))).toBe("ERR_KEY_SOURCE_UNAVAILABLE 503");
  });

  test.each([undefined, null, "", "  ", "whsec_", " whsec_ ", [], [secret, ""], [secret, "whsec_"]])(
    "are missing when the secret is %j: at the start, or unavailable from a resolver",
    async (given) => {
      // What a program without types, or an unset environment variable, hands over.
      const secrets = given as string;
      expect(thrownBy(() => standardWebhooks({ secrets }))).toMatchObject({ code: "ERR_SECRET_MISSING" });
      expect(thrownBy(() => standardWebhooks({ secrets, publicKeys: publicKey })).code).toBe("ERR_SECRET_MISSING");
      const forged = headersOf(`v1,${createHmac("sha256", "").update("x").digest("base64")}`);
      const scheme = standardWebhooks({ secrets: async () => secrets });
      expect(await answer(scheme, forged)).toBe("ERR_KEY_SOURCE_EMPTY 503");
    },
  );

  test.each([undefined, null, "", "whpk_", [], [publicKey, ""], `whpk_${Buffer.alloc(32).toString("base64")}`])(
    "are missing when the public key is %j: at the start, or unavailable from a resolver",
    async (given) => {
      // What a program without types, or an unset environment variable, hands over.
      const publicKeys = given as string;
      expect(thrownBy(() => standardWebhooks({ publicKeys }))).toMatchObject({ code: "ERR_SECRET_MISSING" });
      expect(thrownBy(() => standardWebhooks({ publicKeys, secrets: secret })).code).toBe("ERR_SECRET_MISSING");
      const scheme = standardWebhooks({ publicKeys: async () => publicKeys });
      expect(await answer(scheme, headersOf(vector.v1a))).toBe("ERR_KEY_SOURCE_EMPTY 503");
    },
  );

  test("are missing when there are neither secrets nor public keys", () => {
    expect(thrownBy(() => standardWebhooks({})).code).toBe("ERR_SECRET_MISSING");
  });

  test("that are all zeros are as good as none", () => {
    const zeros = `whsec_${Buffer.alloc(32).toString("base64")}`;
    expect(thrownBy(() => standardWebhooks({ secrets: zeros })).code).toBe("ERR_SECRET_MISSING");
  });

  test.each([
    ["no base64", { secrets: "whsec_not base64!" }],
    ["base64url", { secrets: "whsec_-_-_" }],
    ["two prefixes", { secrets: `whsec_${secret}` }],
    ["a literal line end", { secrets: `${secret}\\n` }],
    ["a secret with unused bits that are not zero", { secrets: "whsec_AB" }],
    ["a public key for a secret", { secrets: publicKey }],
    ["a private key for a secret", { secrets: `whsk_${Buffer.alloc(32, 1).toString("base64")}` }],
    ["a secret for a public key", { publicKeys: secret }],
    ["a public key that is too short", { publicKeys: Buffer.alloc(31, 1).toString("base64") }],
    ["a public key that is too long", { publicKeys: Buffer.alloc(33, 1).toString("base64") }],
    ["a PEM", { publicKeys: "-----BEGIN PUBLIC KEY-----" }],
  ])("are invalid with %s, and are not quoted", (_what, options: StandardWebhooksOptions) => {
    const error = thrownBy(() => standardWebhooks(options));
    expect(error).toMatchObject({ name: "ConfigError", code: "ERR_KEY_INVALID" });
    for (const text of Object.values(options)) {
      expect(`${error.message} ${error.help}`).not.toContain(String(text).slice(6));
    }
  });
});
