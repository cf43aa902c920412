import { generateKeyPairSync, sign } from "node:crypto";

import { describe, expect, test } from "vitest";

import { thrownBy } from "../test-support/caught.ts";
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
const pair = generateKeyPairSync("ed25519");
const otherKey = pair.publicKey.export({ type: "spki", format: "der" }).subarray(-32).toString("base64");
const byOtherKey = `v1a,${sign(null, Buffer.from(`${vector.id}.${vector.time}.${vector.body}`), pair.privateKey).toString("base64")}`;
const byOtherSecret = signWith(otherSecret);

describe("the other keys of Standard Webhooks", () => {
  test.each([
    ["a secret", { secrets: secret, otherKeys: { staging: otherSecret } }, byOtherSecret],
    ["a secret without its prefix", { secrets: secret, otherKeys: { staging: otherSecret.slice(6) } }, byOtherSecret],
    ["a public key", { publicKeys: publicKey, otherKeys: { staging: `whpk_${otherKey}` } }, byOtherKey],
    ["a public key without its prefix", { publicKeys: publicKey, otherKeys: { staging: otherKey } }, byOtherKey],
    [
      "a secret beside a public key",
      {
        secrets: secret,
        publicKeys: publicKey,
        otherKeys: { "another one": ` whpk_${otherKey}\n`, staging: otherSecret },
      },
      byOtherSecret,
    ],
    [
      "a public key beside a secret",
      {
        secrets: secret,
        publicKeys: publicKey,
        otherKeys: { "another one": otherSecret, staging: ` whpk_${otherKey}\n` },
      },
      byOtherKey,
    ],
  ])("prove nothing, and %s is named", async (_what, options: StandardWebhooksOptions, signature) => {
    for (const headers of ["webhook", "svix", "either"] as const) {
      const prefix = headers === "svix" ? "svix" : "webhook";
      const scheme = standardWebhooks({ ...options, headers });
      const sent = headersOf(signature, { prefix });
      expect(await answer(scheme, sent)).toBe("ERR_SIGNATURE_MISMATCH 401");
      const diagnosis = await scheme.explain?.(deliveryOf(sent), nowMs);
      expect(diagnosis).toMatchObject({ cause: "other-key", message: expect.stringContaining('"staging"') });
      for (const hidden of [otherSecret.slice(6, 20), otherKey.slice(0, 12), signature.slice(4, 20)]) {
        expect(diagnosis?.message).not.toContain(hidden);
      }
    }
  });

  test("are not named for a delivery that somebody else signed", async () => {
    const scheme = standardWebhooks({ secrets: secret, otherKeys: { staging: otherSecret } });
    const forged = deliveryOf(headersOf(signWith(Buffer.from("a third secret, 24 bytes").toString("base64"))));
    expect(await scheme.explain?.(forged, nowMs)).toMatchObject({ cause: "unknown" });
  });

  test.each([
    ["a blank one", { secrets: secret, otherKeys: { staging: "whsec_" } }, "ERR_SECRET_MISSING"],
    ["one that is undefined", { secrets: secret, otherKeys: { staging: undefined } }, "ERR_SECRET_MISSING"],
    ["zeros", { secrets: secret, otherKeys: { staging: "whsec_AAAA" } }, "ERR_SECRET_MISSING"],
    [
      "a public key where only secrets are",
      { secrets: secret, otherKeys: { a: `whpk_${otherKey}` } },
      "ERR_KEY_INVALID",
    ],
    [
      "a secret where only public keys are",
      { publicKeys: publicKey, otherKeys: { a: otherSecret } },
      "ERR_KEY_INVALID",
    ],
    ["a list", { secrets: secret, otherKeys: [otherSecret] }, "ERR_OPTION_INVALID"],
    ["no secrets and no public keys beside them", { otherKeys: { a: otherSecret } }, "ERR_SECRET_MISSING"],
  ])("are refused at the start with %s", (_what, options, code) => {
    // What a program without types, or an unset environment variable, hands over.
    const error = thrownBy(() => standardWebhooks(options as unknown as StandardWebhooksOptions));
    expect(error).toMatchObject({ name: "ConfigError", code });
  });
});
