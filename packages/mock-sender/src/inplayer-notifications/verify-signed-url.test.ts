import { describe, expect, test } from "vitest";

import { refusalOf, signingKey } from "./verify-signed-url.ts";

// Signed with a library of another house (aws4 1.13), for GET mock.iot.invalid/mqtt.
const nowMs = Date.UTC(2026, 8, 21, 14, 13, 20);
const lent = { secretKey: "a/secret+key", sessionToken: "token/1+2=" };
const scope = "ASIAHOOKLATCH%2F20260921%2Feu-west-1%2Fiotdevicegateway%2Faws4_request";
const signature = "2867cdfa284fe80701f36b5333e474bc125778402bf0d5ce4d899873203dae21";
const good =
  `/mqtt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${scope}&X-Amz-Date=20260921T141320Z` +
  `&X-Amz-Expires=300&X-Amz-SignedHeaders=host&X-Amz-Signature=${signature}&X-Amz-Security-Token=token%2F1%2B2%3D`;

function check(url: string, changes: Partial<Parameters<typeof refusalOf>[0]> = {}): string | undefined {
  const find = (accessKey: string) => (accessKey === "ASIAHOOKLATCH" ? lent : undefined);
  return refusalOf({ url, host: "mock.iot.invalid", nowMs, find, ...changes });
}

test("derives the key of AWS's own published example", () => {
  const key = signingKey("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", ["20120215", "us-east-1", "iam", "aws4_request"]);
  expect(key.toString("hex")).toBe("f4780e2d9f65fa895f9c67b32ce1baf0b0d8a43505a000a1a9e090d414db404d");
});

test("lets an address through that another library signed, for five minutes", () => {
  expect(check(good)).toBeUndefined();
  expect(check(good, { nowMs: nowMs + 300_000 })).toBeUndefined();
  expect(check(good, { nowMs: nowMs + 300_001 })).toBe("expired");
  expect(check(good, { nowMs: nowMs - 300_001 })).toBe("a date to come");
});

describe("refuses", () => {
  test.each([
    ["another host", good, { host: "127.0.0.1" }, "a signature that does not fit"],
    ["another path", good.replace("/mqtt", "/mqtt2"), {}, "a signature that does not fit"],
    ["a later expiry", good.replace("Expires=300", "Expires=900"), {}, "a signature that does not fit"],
    ["a further field", good.replace("&X-Amz-Date", "&x=1&X-Amz-Date"), {}, "a signature that does not fit"],
    ["a changed signature", good.replace(/Signature=./, "Signature=g"), {}, "a signature that does not fit"],
    ["no signature", good.replace(signature, ""), {}, "a signature that does not fit"],
    [
      "a secret that was replaced",
      good,
      { find: () => ({ ...lent, secretKey: "b" }) },
      "a signature that does not fit",
    ],
    ["an unknown access key", good, { find: () => undefined }, "an access key that is not good, or not any more"],
    ["another session token", good.replace("token%2F1", "token%2F2"), {}, "another session token"],
    ["no session token", good.replace(/&X-Amz-Security-Token.*/, ""), {}, "the session token does not come last"],
    [
      "a session token under the signature",
      good.replace(/&X-Amz-Security-Token.*/, "").replace("?", "?X-Amz-Security-Token=token%2F1%2B2%3D&"),
      {},
      "the session token does not come last",
    ],
    ["another service", good.replace("iotdevicegateway", "iotdata"), {}, "another scope"],
    ["another region", good.replace("eu-west-1", "us-east-1"), {}, "another scope"],
    ["another day", good.replace("%2F20260921", "%2F20260922"), {}, "a date that is not the scope's"],
    ["another algorithm", good.replace("SHA256", "SHA1"), {}, "another algorithm"],
    ["other headers", good.replace("SignedHeaders=host", "SignedHeaders=host%3Bx"), {}, "other headers are signed"],
    ["a field that comes twice", `${good}&X-Amz-Date=20260921T141320Z`, {}, "a field came twice"],
    ["a date that is none", good.replace("20260921T141320Z", "soon"), {}, "no date"],
    ["an expiry that is none", good.replace("Expires=300", "Expires=1e9"), {}, "no usable expiry"],
    ["nothing but a path", "/mqtt", {}, "another algorithm"],
  ])("%s", (_what, url, changes, refusal) => {
    expect(check(url, changes)).toBe(refusal);
  });
});
