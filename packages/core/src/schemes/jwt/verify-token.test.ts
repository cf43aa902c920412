import { describe, expect, test } from "vitest";

import { goodClaims, nowMs, outcomeOf, signToken, tokenScheme, withHeader } from "../../test-support/test-tokens.ts";
import type { JwtOptions } from "./options.ts";

const now = nowMs / 1000;
const minute = 60_000;

describe("the claims", () => {
  test.each([
    ["iss", "https://sender.example.evil.example"],
    ["iss", undefined],
    ["iss", ["https://sender.example"]],
    ["aud", "another-endpoint"],
    ["aud", undefined],
    ["aud", []],
    ["aud", { "our-endpoint": true }],
    ["exp", undefined],
    ["exp", "tomorrow"],
    ["iat", "now"],
    ["nbf", {}],
  ])("%s must not be %j", async (name, value) => {
    expect(await outcomeOf(await signToken({ claims: { [name]: value } }))).toBe("ERR_TOKEN_INVALID 401");
  });

  test("aud may be a list that holds ours, and the configured ones may be lists", async () => {
    expect(await outcomeOf(await signToken({ claims: { aud: ["x", "our-endpoint"] } }))).toBe("nothing");
    const options = { issuer: ["https://old.example", goodClaims.iss], audience: ["x", goodClaims.aud] };
    expect(await outcomeOf(await signToken(), options)).toBe("nothing");
    expect(await outcomeOf(await signToken({ claims: { iss: "https://third.example" } }), options)).toBe(
      "ERR_TOKEN_INVALID 401",
    );
  });

  test("iss and aud are not looked at when false says so", async () => {
    const token = await signToken({ claims: { iss: undefined, aud: undefined } });
    expect(await outcomeOf(token, { issuer: false, audience: false })).toBe("nothing");
  });

  test("may be pinned to exact values", async () => {
    const token = await signToken({ claims: { email: "hooks@sender.example", email_verified: true } });
    const claims = { email: "hooks@sender.example", email_verified: true };
    expect(await outcomeOf(token, { claims })).toBe("nothing");
    expect(await outcomeOf(token, { claims: { ...claims, email: "else@sender.example" } })).toBe(
      "ERR_TOKEN_INVALID 401",
    );
    expect(await outcomeOf(token, { claims: { email_verified: "true" } })).toBe("ERR_TOKEN_INVALID 401");
    expect(await outcomeOf(token, { claims: { toString: "x" } })).toBe("ERR_TOKEN_INVALID 401");
  });

  test("stand in no error", async () => {
    const token = await signToken({ claims: { aud: "private-value", exp: now - 9999 } });
    const error: unknown = await Promise.resolve(tokenScheme().verify(withHeader(`Bearer ${token}`), nowMs)).catch(
      (cause: unknown) => cause,
    );
    expect(error).toMatchObject({ code: "ERR_TOKEN_INVALID" });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain("private-value");
  });
});

describe("time", () => {
  const at = async (claims: Readonly<Record<string, unknown>>, atMs: number, options: Partial<JwtOptions> = {}) =>
    outcomeOf(await signToken({ claims }), { toleranceMs: 0, ...options }, atMs);

  test("exp is over at its very second", async () => {
    expect(await at({ exp: now + 10 }, nowMs + 9_999)).toBe("nothing");
    expect(await at({ exp: now + 10 }, nowMs + 10_000)).toBe("ERR_TIMESTAMP_STALE 401");
    expect(await at({ exp: now + 10 }, nowMs + 10_000 + minute - 1, { toleranceMs: minute })).toBe("nothing");
    expect(await at({ exp: now + 10 }, nowMs + 10_000 + minute, { toleranceMs: minute })).toBe(
      "ERR_TIMESTAMP_STALE 401",
    );
  });

  test("nbf begins at its very second", async () => {
    expect(await at({ nbf: now + 10 }, nowMs + 9_999)).toBe("ERR_TIMESTAMP_STALE 401");
    expect(await at({ nbf: now + 10 }, nowMs + 10_000)).toBe("nothing");
    expect(await at({ nbf: now + 60 }, nowMs, { toleranceMs: minute })).toBe("nothing");
    expect(await at({ nbf: now + 61 }, nowMs, { toleranceMs: minute })).toBe("ERR_TIMESTAMP_STALE 401");
  });

  test("iat must not lie ahead", async () => {
    expect(await at({ iat: now }, nowMs)).toBe("nothing");
    expect(await at({ iat: now }, nowMs - 1)).toBe("ERR_TIMESTAMP_STALE 401");
    expect(await at({ iat: now + 60 }, nowMs, { toleranceMs: minute })).toBe("nothing");
    expect(await at({ iat: now + 61 }, nowMs, { toleranceMs: minute })).toBe("ERR_TIMESTAMP_STALE 401");
    expect(await at({ iat: undefined }, nowMs)).toBe("nothing");
  });

  test("maxAgeMs bounds the age by iat, in place of exp, and an exp still counts", async () => {
    const options = { maxAgeMs: 5 * minute };
    expect(await at({ exp: undefined }, nowMs + 5 * minute, options)).toBe("nothing");
    expect(await at({ exp: undefined }, nowMs + 5 * minute + 1_000, options)).toBe("ERR_TIMESTAMP_STALE 401");
    expect(await at({ exp: now + 60 }, nowMs + 2 * minute, options)).toBe("ERR_TIMESTAMP_STALE 401");
    expect(await at({ iat: undefined }, nowMs, options)).toBe("ERR_TOKEN_INVALID 401");
    expect(tokenScheme(options).toleranceMs).toBe(6 * minute);
  });

  test("a clock that answers nonsense lets nothing through", async () => {
    expect(await outcomeOf(await signToken(), {}, Number.NaN)).toBe("ERR_TOKEN_INVALID 401");
  });
});
