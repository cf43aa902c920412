import { createHash } from "node:crypto";

import { describe, expect, test } from "vitest";

import {
  nowMs,
  outcomeOf,
  provenBy,
  signToken,
  tokenBody,
  tokenScheme,
  withHeader,
} from "../../test-support/test-tokens.ts";

describe("the hash of the body", () => {
  const digest = (encoding: "hex" | "base64" | "base64url", hash = "sha256", bytes: Uint8Array = tokenBody) =>
    createHash(hash).update(bytes).digest(encoding);
  const encodings = ["hex", "base64", "base64url"] as const;
  const withHash = async (value: unknown, encoding: (typeof encodings)[number], hash?: "sha512") =>
    outcomeOf(await signToken({ claims: { body_hash: value } }), {
      bodyHash: { claim: "body_hash", encoding, ...(hash === undefined ? {} : { hash }) },
    });

  test.each(encodings)("in %s proves the body", async (encoding) => {
    expect(await withHash(digest(encoding), encoding)).toBe("nothing");
    expect(await withHash(digest(encoding, "sha512"), encoding, "sha512")).toBe("nothing");
    expect(await withHash(digest(encoding, "sha256", Buffer.from("{}")), encoding)).toBe("ERR_SIGNATURE_MISMATCH 401");
    expect(await withHash(digest(encoding, "sha512"), encoding)).toBe("ERR_SIGNATURE_MISMATCH 401");
    expect(await withHash(digest(encoding).slice(0, 32), encoding)).toBe("ERR_SIGNATURE_MISMATCH 401");
  });

  test("in another spelling than the configured one is refused", async () => {
    expect(await withHash(digest("hex").toUpperCase(), "hex")).toBe("ERR_TOKEN_INVALID 401");
    expect(await withHash(digest("base64").replace("=", ""), "base64")).toBe("ERR_TOKEN_INVALID 401");
    expect(await withHash(`${digest("base64url")}=`, "base64url")).toBe("ERR_TOKEN_INVALID 401");
    expect(await withHash(` ${digest("hex")}`, "hex")).toBe("ERR_TOKEN_INVALID 401");
  });

  test.each([undefined, null, "", 1, {}, [digest("hex")], true])("that is %j is refused", async (value) => {
    expect(await withHash(value, "hex")).toBe("ERR_TOKEN_INVALID 401");
  });

  test("is refused for every changed byte of the body", async () => {
    const scheme = tokenScheme({ bodyHash: { claim: "h", encoding: "hex" } });
    const token = `Bearer ${await signToken({ claims: { h: digest("hex") } })}`;
    for (let index = 0; index < tokenBody.length; index++) {
      const changed = Buffer.from(tokenBody);
      changed[index] = (changed[index] ?? 0) ^ 1;
      const delivery = withHeader(token, "authorization", changed);
      expect(await provenBy(scheme, delivery, nowMs)).toBe("ERR_SIGNATURE_MISMATCH 401");
    }
  });
});
