import { createHmac } from "node:crypto";

import { expect, test } from "vitest";

import type { DiagnosisCause } from "../../diagnosis.ts";
import { refusalOf, thrownBy } from "../../test-support/caught.ts";
import {
  changedBodies,
  documentOf,
  nowMs,
  otherSpellings,
  refusedDelivery,
  secretPlatform,
} from "../../test-support/refused-messages.ts";
import { hmac } from "../hmac.ts";

const platform = secretPlatform("the platform's own secret");

test.each([...changedBodies(platform, "evt_1"), ...otherSpellings(platform, "evt_2")])(
  "finds $cause behind $name",
  async ({ cause, says, scheme, delivery }) => {
    expect(await refusalOf(() => scheme.verify(delivery, nowMs))).toContain("ERR_SIGNATURE_");
    const diagnosis = await scheme.explain?.(delivery, nowMs);
    expect(diagnosis?.cause).toBe(cause);
    expect(diagnosis?.message).toContain(says);
  },
);

const binary = Buffer.from("00ff17a2c4d6e8f91b3d5f7092b4d6f8", "hex");

const secrets: readonly (readonly [string, string | Uint8Array, string | Uint8Array, DiagnosisCause, string])[] = [
  ["a blank behind it", "plain text secret", "plain text secret ", "secret-white-space", "without the white space"],
  ["a line break behind it", "plain text secret", "plain text secret\r\n", "secret-white-space", "without the white"],
  ["a line break less", "plain text secret\n", "plain text secret", "secret-white-space", "with a line feed"],
  ["quotes", "plain text secret", '"plain text secret"', "secret-quoted", "quotes"],
  [
    "a literal \\n at its end",
    "plain text secret",
    String.raw`plain text secret\n`,
    "secret-escaped-newlines",
    "taken",
  ],
  ["literal \\n within", "two\nlines", String.raw`two\nlines`, "secret-escaped-newlines", "real line breaks"],
  ["base64 not decoded", binary, binary.toString("base64"), "secret-encoding", "decoded from base64"],
  ["whsec_ not taken away", binary, `whsec_${binary.toString("base64")}`, "secret-encoding", "decoded from base64"],
  ["hex not decoded", binary, binary.toString("hex"), "secret-encoding", "decoded from hex"],
  ["base64 decoded", binary.toString("base64"), binary, "secret-encoding", "undecoded"],
  ["base64 without padding decoded", "c2VjcmV0IDEy", Buffer.from("secret 12"), "secret-encoding", "undecoded"],
  ["hex decoded", binary.toString("hex"), binary, "secret-encoding", "undecoded"],
  ["upper-case hex decoded", binary.toString("hex").toUpperCase(), binary, "secret-encoding", "upper-case hex"],
  ["whsec_ decoded", `whsec_${binary.toString("base64")}`, binary, "secret-encoding", "whsec_"],
];

test.each(secrets)("finds a secret with %s", async (_what, signed, configured, cause, says) => {
  const { scheme, sign } = secretPlatform(signed, configured);
  const body = JSON.stringify(documentOf("evt_3"));
  const delivery = refusedDelivery(body, sign(body).toString("hex"));
  expect(await refusalOf(() => scheme().verify(delivery, nowMs))).toContain("ERR_SIGNATURE_MISMATCH");
  const diagnosis = await scheme().explain?.(delivery, nowMs);
  expect(diagnosis?.cause).toBe(cause);
  expect(diagnosis?.message).toContain(says);
});

test("names the other key that a delivery is signed with", async () => {
  const { scheme } = secretPlatform("", "live secret", {
    otherKeys: { "old shop": "old secret", "test mode": "test secret" },
  });
  const delivery = refusedDelivery("{}", secretPlatform("test secret").sign("{}").toString("hex"));
  expect(await refusalOf(() => scheme().verify(delivery, nowMs))).toBe("ERR_SIGNATURE_MISMATCH 401");
  const diagnosis = await scheme().explain?.(delivery, nowMs);
  expect(diagnosis).toMatchObject({ cause: "other-key", message: expect.stringContaining('"test mode"') });
});

test("refuses a blank other key, and a list of them, at start-up", () => {
  const options = { secrets: "live secret", header: "x-sig", encoding: "hex" } as const;
  expect(thrownBy(() => hmac({ ...options, otherKeys: { test: " " } })).code).toBe("ERR_SECRET_MISSING");
  // What a program in JavaScript may give.
  const list = ["a secret"] as unknown as Record<string, string>;
  expect(thrownBy(() => hmac({ ...options, otherKeys: list })).code).toBe("ERR_OPTION_INVALID");
});

test("finds another hash", async () => {
  const signature = createHmac("sha1", "the platform's own secret").update("{}").digest("hex");
  const diagnosis = await platform.scheme().explain?.(refusedDelivery("{}", signature), nowMs);
  expect(diagnosis).toMatchObject({ cause: "signature-algorithm", message: expect.stringContaining("sha1") });
});

test("finds the cause with any of several secrets", async () => {
  const several = hmac({ secrets: ["next secret", "this secret "], header: "x-sig", encoding: "hex" });
  const delivery = refusedDelivery("{}", secretPlatform("this secret").sign("{}").toString("hex"));
  expect(await several.explain?.(delivery, nowMs)).toMatchObject({ cause: "secret-white-space" });
});

test("asks no source for keys: those that were resolved before are tried", async () => {
  let calls = 0;
  const resolve = async (): Promise<string> => {
    calls++;
    return "resolved secret\n";
  };
  const scheme = hmac({ secrets: resolve, header: "x-sig", encoding: "hex", refreshCooldownMs: 0, cacheMs: 0 });
  const delivery = refusedDelivery("{}", secretPlatform("resolved secret").sign("{}").toString("hex"));
  expect(await refusalOf(() => scheme.verify(delivery, nowMs))).toBe("ERR_SIGNATURE_MISMATCH 401");
  const before = calls;
  expect(await scheme.explain?.(delivery, nowMs)).toMatchObject({ cause: "secret-white-space" });
  expect(calls).toBe(before);
});

test("says what was tried when nothing fits", async () => {
  const delivery = refusedDelivery("{}", "ab".repeat(32));
  const diagnosis = await platform.scheme().explain?.(delivery, nowMs);
  expect(diagnosis?.cause).toBe("unknown");
  expect(diagnosis?.message).toMatch(/ERR_SIGNATURE_MISMATCH.*Tried without success/);
});

test("says nothing of a delivery without a body, which may have been refused unread", async () => {
  expect(await platform.scheme().explain?.(refusedDelivery("", "ab".repeat(32)), nowMs)).toBeUndefined();
});

test("says nothing of a delivery that it accepts", async () => {
  const delivery = refusedDelivery("{}", platform.sign("{}").toString("hex"));
  expect(await platform.scheme().explain?.(delivery, nowMs)).toBeUndefined();
});

test("takes no secret for meant that anybody could sign with", async () => {
  const { scheme } = secretPlatform("", '"\0\0\0\0"');
  const delivery = refusedDelivery("{}", createHmac("sha256", "").update("{}").digest("hex"));
  expect(await scheme().explain?.(delivery, nowMs)).toMatchObject({ cause: "unknown" });
});
