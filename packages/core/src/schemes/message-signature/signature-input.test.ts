import { describe, expect, test } from "vitest";

import { created, lines, outcomeOfMessage, signMessage } from "../../test-support/test-messages.ts";

const malformed = "ERR_SIGNATURE_MALFORMED 401";

describe("the covered components", () => {
  const without = (name: string) => Object.fromEntries(Object.entries(lines).filter(([key]) => key !== name));

  test.each(Object.keys(lines))("must hold %s, though the signature over the rest is right", async (name) => {
    expect(await outcomeOfMessage(signMessage({ signed: without(name) }))).toBe(malformed);
  });

  test("may hold more, in any order", async () => {
    const signed = { '"content-type"': "application/json", ...Object.fromEntries(Object.entries(lines).toReversed()) };
    expect(await outcomeOfMessage(signMessage({ signed }))).toBe("nothing");
  });

  test("must not be empty", async () => {
    expect(await outcomeOfMessage(signMessage({ signed: {} }))).toBe(malformed);
  });

  test("must be demanded as they are: one with a parameter is another", async () => {
    const signed = { ...without('"content-digest"'), '"content-digest";sf': lines['"content-digest"'] ?? "" };
    expect(await outcomeOfMessage(signMessage({ signed }))).toBe(malformed);
  });

  test("must not repeat one", async () => {
    const covered = '("@method" "@path" "content-digest" "@method")';
    expect(await outcomeOfMessage(signMessage({ covered }))).toBe(malformed);
  });

  test("must not be more than 32", async () => {
    const extra = (count: number) => {
      const names = Array.from({ length: count }, (_, index) => `x-${index}`);
      return {
        signed: { ...lines, ...Object.fromEntries(names.map((name) => [`"${name}"`, "1"])) },
        headers: Object.fromEntries(names.map((name) => [name, "1"])),
      };
    };
    const { signed, headers } = extra(29);
    expect(await outcomeOfMessage(withHeaders(signMessage({ signed }), headers))).toBe("nothing");
    const more = extra(30);
    expect(await outcomeOfMessage(withHeaders(signMessage({ signed: more.signed }), more.headers))).toBe(malformed);
  });
});

describe("the parameters", () => {
  const withParameters = (parameters: string, options = {}) => outcomeOfMessage(signMessage({ parameters }), options);

  test.each([
    ["no created", ""],
    ["created as text", `;created="${created}"`],
    ["created as a date", `;created=@${created}`],
    ["created as a token", ";created=now"],
    ["created in parts of a second", `;created=${created}.5`],
    ["created with leading zeros", `;created=0${created}`],
    ["created with a decimal point", `;created=${created}.0`],
    ["created before 1970", ";created=-1"],
    ["created twice", `;created=1;created=${created}`],
    ["expires as text", `;created=${created};expires="x"`],
    ["alg of another", `;created=${created};alg="hmac-sha256"`],
    ["alg as a token", `;created=${created};alg=ed25519`],
    ["alg none", `;created=${created};alg="none"`],
  ])("%s is refused", async (_what, parameters) => {
    expect(await withParameters(parameters)).toBe(malformed);
  });

  test("created in milliseconds is far ahead", async () => {
    expect(await withParameters(`;created=${created}000`)).toBe("ERR_TIMESTAMP_STALE 401");
  });

  test("alg may be named, and others may stand beside it", async () => {
    expect(await withParameters(`;created=${created};alg="ed25519";nonce="a, b";keyid="k";x`)).toBe("nothing");
  });

  test("keyid must be a configured one, where one is configured", async () => {
    const one = `;created=${created};keyid="k1"`;
    expect(await withParameters(one, { keyId: "k1" })).toBe("nothing");
    expect(await withParameters(one, { keyId: ["k0", "k1"] })).toBe("nothing");
    expect(await withParameters(one, { keyId: "k2" })).toBe(malformed);
    expect(await withParameters(`;created=${created}`, { keyId: "k1" })).toBe(malformed);
    expect(await withParameters(`;created=${created};keyid=k1`, { keyId: "k1" })).toBe(malformed);
  });

  test("tag must be the configured one, where one is configured", async () => {
    expect(await withParameters(`;created=${created};tag="webhook"`, { tag: "webhook" })).toBe("nothing");
    expect(await withParameters(`;created=${created};tag="login"`, { tag: "webhook" })).toBe(malformed);
    expect(await withParameters(`;created=${created}`, { tag: "webhook" })).toBe(malformed);
  });
});

describe("several signatures", () => {
  const joined = (...messages: readonly ReturnType<typeof signMessage>[]) => {
    const [first = signMessage()] = messages;
    const join = (name: string) => messages.map(({ headers }) => String(headers[name])).join(",\t");
    return withHeaders(first, { signature: join("signature"), "signature-input": join("signature-input") });
  };
  const ours = signMessage({ label: "ours", parameters: `;created=${created};keyid="k1"` });
  const proxy = signMessage({ label: "proxy", signed: { '"@method"': "POST" } });
  const again = signMessage({ label: "again", parameters: `;created=${created};keyid="k2"` });

  test("the one that fits is taken, wherever it stands", async () => {
    expect(await outcomeOfMessage(joined(ours, proxy))).toBe("nothing");
    expect(await outcomeOfMessage(joined(proxy, ours))).toBe("nothing");
    expect(await outcomeOfMessage(joined(ours, again), { keyId: "k2" })).toBe("nothing");
  });

  test("two that fit are refused, unless a label says which", async () => {
    expect(await outcomeOfMessage(joined(ours, again))).toBe(malformed);
    expect(await outcomeOfMessage(joined(ours, again), { label: "again" })).toBe("nothing");
    expect(await outcomeOfMessage(joined(ours, again), { label: "third" })).toBe(malformed);
    expect(await outcomeOfMessage(joined(ours, proxy), { label: "proxy" })).toBe(malformed);
  });

  test("none that fits is refused", async () => {
    expect(await outcomeOfMessage(joined(proxy, signMessage({ label: "x", signed: {} })))).toBe(malformed);
  });

  test("one label with two signatures is refused, though one of them is right", async () => {
    const bad = signMessage({ label: "ours", signed: { ...lines, '"@method"': "PUT" } });
    expect(await outcomeOfMessage(joined(ours, ours))).toBe(malformed);
    expect(await outcomeOfMessage(joined(bad, ours))).toBe(malformed);
    expect(await outcomeOfMessage(withHeaders(ours, { signature: joined(bad, ours).headers["signature"] ?? "" }))).toBe(
      malformed,
    );
  });

  test("a signature without its input, or an input without its signature, is refused", async () => {
    const { headers } = proxy;
    expect(await outcomeOfMessage(withHeaders(ours, { signature: headers["signature"] ?? "" }))).toBe(malformed);
    expect(await outcomeOfMessage(withHeaders(ours, { "signature-input": headers["signature-input"] ?? "" }))).toBe(
      malformed,
    );
  });

  test("more than eight are refused", async () => {
    const many = Array.from({ length: 8 }, (_, index) => signMessage({ label: `p${index}`, signed: {} }));
    expect(await outcomeOfMessage(joined(...many.slice(1), ours))).toBe("nothing");
    expect(await outcomeOfMessage(joined(...many, ours))).toBe(malformed);
  });
});

function withHeaders<Message extends { readonly headers: object }>(message: Message, headers: object): Message {
  return { ...message, headers: { ...message.headers, ...headers } };
}
