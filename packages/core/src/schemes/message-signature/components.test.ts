import { describe, expect, test } from "vitest";

import { lines, outcomeOfMessage, signMessage } from "../../test-support/test-messages.ts";
import type { HttpMessageSignatureOptions } from "./options.ts";

const malformed = "ERR_SIGNATURE_MALFORMED 401";
const publicUrl = "https://Hooks.Example.com:443";

interface Case {
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly options?: Partial<HttpMessageSignatureOptions>;
}

/** The outcome for a message that signs one more component, with a value. */
function covering(identifier: string, value: string, { url, headers = {}, options = {} }: Case = {}): Promise<string> {
  const message = signMessage({ signed: { ...lines, [identifier]: value } });
  const changed = { ...message, ...(url === undefined ? {} : { url }), headers: { ...message.headers, ...headers } };
  return outcomeOfMessage(changed, { components: ["content-digest"], ...options });
}

describe("a derived component", () => {
  test.each([
    ["@method", "POST"],
    ["@path", "/hooks/orders"],
    ["@query", "?tenant=7"],
    ["@request-target", "/hooks/orders?tenant=7"],
    ["@target-uri", "https://hooks.example.com/hooks/orders?tenant=7"],
    ["@authority", "hooks.example.com"],
    ["@scheme", "https"],
  ])("%s has the value that RFC 9421 gives it", async (name, value) => {
    const signed = name in lines ? {} : { [`"${name}"`]: value };
    const options = { components: ["content-digest", name], publicUrl };
    expect(await outcomeOfMessage(signMessage({ signed: { ...lines, ...signed } }), options)).toBe("nothing");
    const wrong = signMessage({ signed: { ...lines, [`"${name}"`]: `${value}x` } });
    expect(await outcomeOfMessage(wrong, options)).toBe("ERR_SIGNATURE_MISMATCH 401");
  });

  test("@query is a lone question mark where there is none, and keeps a second one", async () => {
    expect(await covering('"@query"', "?", { url: "/hooks/orders" })).toBe("nothing");
    expect(await covering('"@query"', "?", { url: "/hooks/orders?" })).toBe("nothing");
    expect(await covering('"@query"', "?a=?&b", { url: "/hooks/orders?a=?&b" })).toBe("nothing");
  });

  test("a port other than the usual one is a part of @authority and @target-uri", async () => {
    const options = { publicUrl: "http://Example.com:8080" };
    expect(await covering('"@authority"', "example.com:8080", { options })).toBe("nothing");
    expect(await covering('"@target-uri"', "http://example.com:8080/hooks/orders?tenant=7", { options })).toBe(
      "nothing",
    );
  });

  test("that needs the public URL is refused where none is configured, whatever the request says", async () => {
    const headers = {
      host: "hooks.example.com",
      "x-forwarded-host": "hooks.example.com",
      "x-forwarded-proto": "https",
      forwarded: "host=hooks.example.com;proto=https",
    };
    for (const [identifier, value] of [
      ['"@authority"', "hooks.example.com"],
      ['"@scheme"', "https"],
      ['"@target-uri"', "https://hooks.example.com/hooks/orders?tenant=7"],
    ] as const) {
      expect(await covering(identifier, value, { headers })).toBe(malformed);
    }
  });

  test("is taken from the configured URL and not from a forwarded header", async () => {
    const headers = { host: "evil.example", "x-forwarded-host": "evil.example", "x-forwarded-proto": "http" };
    const options = { publicUrl };
    expect(await covering('"@authority"', "hooks.example.com", { headers, options })).toBe("nothing");
    expect(await covering('"@authority"', "evil.example", { headers, options })).toBe("ERR_SIGNATURE_MISMATCH 401");
    expect(await covering('"@scheme"', "http", { headers, options })).toBe("ERR_SIGNATURE_MISMATCH 401");
  });

  test.each(["@path", "@query", "@target-uri"])("%s of a target that is no path has no value", async (name) => {
    const signed = { '"content-digest"': lines['"content-digest"'] ?? "", [`"${name}"`]: "https://hooks.example.com*" };
    const options = { components: ["content-digest"], publicUrl };
    for (const url of ["*", "http://evil.example/hooks/orders", ""]) {
      expect(await outcomeOfMessage({ ...signMessage({ signed }), url }, options)).toBe(malformed);
    }
  });

  test.each(["@status", "@unknown", "@toString", "@signature-params", "@"])("%s is refused", async (name) => {
    expect(await covering(`"${name}"`, "200")).toBe(malformed);
  });
});

describe("a query parameter", () => {
  const url = "/hooks/orders?a%20b=c+d%2Fe&twice=1&twice=2&empty=&caf%C3%A9=~!'()*&plain=1";

  test.each([
    ["a%20b", "c%20d%2Fe"],
    ["empty", ""],
    ["caf%C3%A9", "%7E%21%27%28%29*"],
    ["plain", "1"],
  ])("%s is decoded and encoded again", async (name, value) => {
    expect(await covering(`"@query-param";name="${name}"`, value, { url })).toBe(
      // The path that the other lines sign is the same.
      "nothing",
    );
    expect(await covering(`"@query-param";name="${name}"`, `${value}x`, { url })).toBe("ERR_SIGNATURE_MISMATCH 401");
  });

  test.each(["twice", "missing", "a b", "", "toString"])("%j has no one value and is refused", async (name) => {
    expect(await covering(`"@query-param";name="${name}"`, "1", { url })).toBe(malformed);
  });

  test("without a name, or with more than one, is refused", async () => {
    for (const parameters of ["", ";name", ";name=plain", ';name="plain";req']) {
      expect(await covering(`"@query-param"${parameters}`, "1", { url })).toBe(malformed);
    }
  });
});

describe("a header field", () => {
  test("is covered by its value without blanks around it", async () => {
    for (const value of ["a  b", "  a  b", "a  b \t "]) {
      expect(await covering('"x-event"', "a  b", { headers: { "X-Event": value } })).toBe("nothing");
    }
    expect(await covering('"x-event"', "a b", { headers: { "X-Event": "a  b" } })).toBe("ERR_SIGNATURE_MISMATCH 401");
    expect(await covering('"x-event"', "", { headers: { "X-Event": "" } })).toBe("nothing");
  });

  test("may be named like a method of every object", async () => {
    expect(await covering('"constructor"', "1", { headers: { constructor: "1" } })).toBe("nothing");
  });

  test("may hold bytes above ASCII, as Node hands them over", async () => {
    expect(await covering('"x-event"', "caf\u00c3\u00a9", { headers: { "x-event": "caf\u00c3\u00a9" } })).toBe(
      "nothing",
    );
    expect(await covering('"x-event"', "a\u00a0", { headers: { "x-event": "a" } })).toBe("ERR_SIGNATURE_MISMATCH 401");
  });

  test("that is missing, or came twice, is refused", async () => {
    expect(await covering('"x-event"', "")).toBe(malformed);
    expect(await covering('"x-event"', "a, b", { headers: { "x-event": ["a", "b"] } })).toBe("ERR_HEADER_REPEATED 400");
  });

  test("with a line break, a control character or a character above one byte is refused", async () => {
    for (const value of ['a\n"@method": PUT', "a\rb", "a\0b", "\u0101", "a\u007f"]) {
      expect(await covering('"x-event"', value, { headers: { "x-event": value } })).toBe(malformed);
    }
  });

  test.each([";sf", ";bs", ";tr", ";req", ';key="a"', ";unknown"])(
    "with the parameter %s is refused",
    async (parameter) => {
      expect(await covering(`"x-event"${parameter}`, "a=1", { headers: { "x-event": "a=1" } })).toBe(malformed);
    },
  );

  test("named in upper case, or with what no name has, is refused", async () => {
    for (const name of ["X-Event", "x event", "x:event", ""]) {
      expect(await covering(`"${name}"`, "1", { headers: { "x-event": "1" } })).toBe(malformed);
    }
  });

  test("is read in time that grows with its length alone", async () => {
    const value = `a${" ".repeat(16_000)}b`;
    const startedAt = performance.now();
    for (let round = 0; round < 20; round++) {
      expect(await covering('"x-event"', value, { headers: { "x-event": value } })).toBe("nothing");
    }
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});
