import { describe, expect, test } from "vitest";

import { contentDigest, lines, messageBody, outcomeOfMessage, signMessage } from "../../test-support/test-messages.ts";

/** The outcome for a message whose digest is signed as it stands. */
const withDigest = (digest: string) =>
  outcomeOfMessage(
    signMessage({ signed: { ...lines, '"content-digest"': digest }, headers: { "content-digest": digest } }),
  );

const sha256 = contentDigest(messageBody);
const sha512 = contentDigest(messageBody, "sha-512", "sha512");
const otherBody = Buffer.from("{}");

describe("a signed digest", () => {
  test.each([
    ["by sha-256", sha256],
    ["by sha-512", sha512],
    ["by both", `${sha256}, ${sha512}`],
    ["by one we trust and one we do not", `md5=:${"A".repeat(22)}==:, ${sha256}`],
  ])("%s proves the body", async (_what, digest) => {
    expect(await withDigest(digest)).toBe("nothing");
  });

  test.each([
    ["of another body", contentDigest(otherBody)],
    ["of another body by sha-512", contentDigest(otherBody, "sha-512", "sha512")],
    ["right by one hash and wrong by the other", `${sha256}, ${contentDigest(otherBody, "sha-512", "sha512")}`],
    ["wrong by one hash and right by the other", `${contentDigest(otherBody)}, ${sha512}`],
    ["by another hash than it says", contentDigest(messageBody, "sha-512", "sha256")],
    ["cut to sixteen bytes", `sha-256=:${Buffer.alloc(16).toString("base64")}:`],
    ["of no bytes", "sha-256=::"],
  ])("%s is refused", async (_what, digest) => {
    expect(await withDigest(digest)).toBe("ERR_SIGNATURE_MISMATCH 401");
  });

  test.each([
    ["by md5 alone", contentDigest(messageBody, "md5", "md5")],
    ["by sha-1 alone", contentDigest(messageBody, "sha", "sha1")],
    ["by a hash nobody knows", contentDigest(messageBody, "constructor")],
    ["as text", `sha-256="${sha256.slice(9, -1)}"`],
    ["with a parameter", `${sha256};a`],
    ["given twice", `${sha256}, ${sha256}`],
    ["as a list", `sha-256=(${sha256.slice(8)})`],
    ["with spaces around its name", sha256.replace("=", " = ")],
    ["in upper case", sha256.replace("sha", "SHA")],
    ["without padding", sha256.replace(/=:$/, ":")],
  ])("%s is refused as malformed", async (_what, digest) => {
    expect(await withDigest(digest)).toBe("ERR_SIGNATURE_MALFORMED 401");
  });
});
