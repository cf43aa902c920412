import { CompactSign } from "jose";
import { describe, expect, test } from "vitest";

import { ec, nowMs, outcomeOf, provenBy, signToken, tokenScheme, withHeader } from "../../test-support/test-tokens.ts";
import type { JwtOptions } from "./options.ts";

describe("odd shapes", async () => {
  const token = await signToken();
  const encode = (text: string): string => Buffer.from(text).toString("base64url");
  const [head = "", claims = "", signature = ""] = token.split(".");

  test.each([
    ["two tokens", `${token}, ${token}`],
    ["two tokens in one", `${token}.${token}`],
    ["two parts", `${head}.${claims}`],
    ["five parts, as an encrypted token has", `${head}.${claims}.${signature}.a.b`],
    ["nothing", ""],
    ["dots", ".."],
    ["a part in base64 with padding", `${head}=.${claims}.${signature}`],
    ["white space inside", `${head}.${claims}. ${signature}`],
    ["ten thousand dots", ".".repeat(10_000)],
    ["a header of 17 kB", `${head}.${"a".repeat(17_000)}.${signature}`],
    ["a header that is no JSON", `${encode("{")}.${claims}.${signature}`],
    ["a header that is null", `${encode("null")}.${claims}.${signature}`],
    ["a header that is a list", `${encode('["ES256"]')}.${claims}.${signature}`],
    ["a header that is not UTF-8", `${Buffer.from([123, 255, 125]).toString("base64url")}.${claims}.${signature}`],
    ["an algorithm that is a list", `${encode('{"alg":["ES256"]}')}.${claims}.${signature}`],
    ["an algorithm named like a method", `${encode('{"alg":"toString"}')}.${claims}.${signature}`],
    ["a kid that is a number", `${encode('{"alg":"ES256","kid":1}')}.${claims}.${signature}`],
    ["a token nested deep", `${encode(`{"alg":"ES256","a":${"[".repeat(5000)}`)}.${claims}.${signature}`],
  ])("%s: refused as a token that is no good", async (_what, text) => {
    expect(await outcomeOf(text)).toBe("ERR_TOKEN_INVALID 401");
  });

  test("the first part of a token with another signature's spelling is refused", async () => {
    // 64 bytes leave four unused bits in the last character: several spellings, one signature.
    const last = signature.at(-1) ?? "";
    const respelled = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".split("").filter((letter) => {
      const text = signature.slice(0, -1) + letter;
      return letter !== last && Buffer.from(text, "base64url").equals(Buffer.from(signature, "base64url"));
    });
    expect(respelled).toHaveLength(15);
    for (const letter of respelled) {
      expect(await outcomeOf(`${head}.${claims}.${signature.slice(0, -1)}${letter}`)).toBe("ERR_TOKEN_INVALID 401");
    }
  });

  test("a payload that is signed and no object is refused", async () => {
    for (const payload of ["null", "[]", '"text"', "1", "", "{", "\u00ff"]) {
      const text = await new CompactSign(Buffer.from(payload, "latin1"))
        .setProtectedHeader({ alg: "ES256" })
        .sign(ec.privateKey);
      expect(await outcomeOf(text)).toBe("ERR_TOKEN_INVALID 401");
    }
  });
});

describe("the header", async () => {
  const token = await signToken();
  const verify = (value: string | readonly string[], name: string, options: Partial<JwtOptions> = {}) =>
    provenBy(tokenScheme(options), withHeader(value, name), nowMs);

  test("is authorization, and the word Bearer has no case", async () => {
    expect(tokenScheme().headers).toEqual(["authorization"]);
    for (const word of ["Bearer", "bearer", "BEARER"]) {
      expect(await verify(`${word} ${token}`, "authorization")).toBe("nothing");
    }
  });

  test("may be another, then with nothing before the token unless a prefix is named", async () => {
    expect(tokenScheme({ header: "X-Token" }).headers).toEqual(["x-token"]);
    expect(await verify(token, "x-token", { header: "X-Token" })).toBe("nothing");
    expect(await verify(`v1=${token}`, "x-token", { header: "X-Token", prefix: "v1=" })).toBe("nothing");
    expect(await verify(token, "x-token", { header: "X-Token", prefix: "v1=" })).toBe("ERR_TOKEN_INVALID 401");
  });

  test("that is missing, empty or repeated is refused", async () => {
    expect(await verify(token, "x-token")).toBe("ERR_SIGNATURE_MISSING 401");
    expect(await verify("", "authorization")).toBe("ERR_SIGNATURE_MISSING 401");
    expect(await verify([`Bearer ${token}`, `Bearer ${token}`], "authorization")).toBe("ERR_HEADER_REPEATED 400");
    expect(await verify(token, "authorization")).toBe("ERR_TOKEN_INVALID 401");
    expect(await verify(`Basic ${token}`, "authorization")).toBe("ERR_TOKEN_INVALID 401");
  });
});
