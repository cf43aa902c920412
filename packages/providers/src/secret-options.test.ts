import { ConfigError } from "@hooklatch/core/errors";
import { expect, test } from "vitest";

import { limitsOf, secretsOf } from "./secret-options.ts";
import type { SecretOptions } from "./secret-options.ts";

const hint = {
  variable: "ACME_SECRET",
  help: "Look on the last page.",
  mistakenFor: (secret: string) => (secret.startsWith("pk_") ? "a public key" : undefined),
};

function errorOf(secrets: unknown): string {
  try {
    // What a program without types, or an environment variable that is not set, hands over.
    secretsOf({ secrets } as SecretOptions, hint);
  } catch (error) {
    return error instanceof ConfigError ? `${error.code}: ${error.message} ${error.help}` : String(error);
  }
  return "nothing was thrown";
}

test.each([
  ["one secret", "s1"],
  ["several", ["s1", "s2"]],
  ["a function that fetches some", async () => "s1"],
  ["a mix of both", ["s1", async () => ["s2", "s3"]]],
])("takes %s as it is", (_what, secrets) => {
  expect(secretsOf({ secrets }, hint)).toEqual({ secrets });
});

test.each([
  [undefined, "ERR_SECRET_MISSING: secrets is undefined; did you set ACME_SECRET? Look on the last page."],
  [null, "ERR_SECRET_MISSING: secrets is null; did you set ACME_SECRET?"],
  ["", "ERR_SECRET_MISSING: secrets is blank"],
  [" \n", "ERR_SECRET_MISSING: secrets is blank"],
  [[], "ERR_SECRET_MISSING: secrets is an empty list"],
  [["s1", undefined], "ERR_SECRET_MISSING: secrets[1] is undefined"],
  [["s1", ""], "ERR_SECRET_MISSING: secrets[1] is blank"],
  [7, "ERR_KEY_INVALID: secrets is neither a text nor a function"],
  [["pk_1"], "ERR_KEY_INVALID: secrets[0] is a public key. Look on the last page."],
  [" pk_1", "ERR_KEY_INVALID: secrets is a public key."],
])("refuses %j", (secrets, message) => {
  expect(errorOf(secrets)).toContain(message);
});

test("hands on how long fetched secrets are kept, and only when it is given", () => {
  const options = { secrets: "s1", cacheMs: 1, refreshCooldownMs: 2, maxBodyBytes: 3 };
  expect(secretsOf(options, hint)).toEqual({ secrets: "s1", cacheMs: 1, refreshCooldownMs: 2 });
});

test("hands on the limits that are given", () => {
  expect(limitsOf({})).toEqual({});
  expect(limitsOf({ maxBodyBytes: 3, schemas: {} })).toEqual({ maxBodyBytes: 3, schemas: {} });
});
