import { createSecretKey, generateKeyPairSync, sign } from "node:crypto";

import { describe, expect, test } from "vitest";

import { thrownBy } from "../test-support/caught.ts";
import {
  contentDigest,
  created,
  ed,
  lines,
  messageBody,
  messageScheme,
  outcomeOfMessage,
  signMessage,
} from "../test-support/test-messages.ts";

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });

describe("a signed message", () => {
  test("proves its exact bytes", async () => {
    expect(await outcomeOfMessage(signMessage())).toBe("nothing");
  });

  test("is refused for every changed byte of its body", async () => {
    const message = signMessage();
    for (let index = 0; index < messageBody.length; index++) {
      const body = Buffer.from(messageBody);
      body[index] = (body[index] ?? 0) ^ 1;
      expect(await outcomeOfMessage({ ...message, body })).toBe("ERR_SIGNATURE_MISMATCH 401");
    }
    for (const body of [messageBody.subarray(1), Buffer.concat([messageBody, Buffer.from("\n")]), Buffer.alloc(0)]) {
      expect(await outcomeOfMessage({ ...message, body })).toBe("ERR_SIGNATURE_MISMATCH 401");
    }
  });

  test("is refused for every changed character of its three headers, and for each that is cut", async () => {
    const message = signMessage();
    const refused = /^ERR_(SIGNATURE_(MISMATCH|MALFORMED|MISSING)|TIMESTAMP_STALE) 401$/;
    for (const name of ["signature", "signature-input", "content-digest"]) {
      const value = String(message.headers[name]);
      for (let index = 0; index < value.length; index++) {
        const character = String.fromCharCode(value.charCodeAt(index) ^ 1);
        for (const bad of [value.slice(0, index) + character + value.slice(index + 1), value.slice(0, index)]) {
          expect(await outcomeOfMessage({ ...message, headers: { ...message.headers, [name]: bad } })).toMatch(refused);
        }
      }
    }
  });

  test.each([
    ["another method", { method: "PUT" }],
    ["another path", { url: "/hooks/refunds?tenant=7" }],
    ["a longer path", { url: "/hooks/orders/?tenant=7" }],
    ["a path that is encoded otherwise", { url: "/hooks/%6frders?tenant=7" }],
  ])("is refused for %s", async (_what, change) => {
    expect(await outcomeOfMessage({ ...signMessage(), ...change })).toBe("ERR_SIGNATURE_MISMATCH 401");
  });

  test("is not bound to what it does not cover", async () => {
    expect(await outcomeOfMessage({ ...signMessage(), url: "/hooks/orders" })).toBe("nothing");
  });

  test("without one of its headers is refused", async () => {
    for (const name of ["signature", "signature-input", "content-digest"]) {
      const { headers, ...message } = signMessage();
      const rest = Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name));
      expect(await outcomeOfMessage({ ...message, headers: rest })).toMatch(/^ERR_SIGNATURE_(MISSING|MALFORMED) 401$/);
      const twice = { ...headers, [name]: [String(headers[name]), String(headers[name])] };
      expect(await outcomeOfMessage({ ...message, headers: twice })).toBe("ERR_HEADER_REPEATED 400");
    }
    expect(messageScheme().headers).toEqual(["signature-input", "signature", "content-digest"]);
  });

  test("may be empty, when its digest says so", async () => {
    const digest = contentDigest(Buffer.alloc(0));
    const message = signMessage({
      signed: { ...lines, '"content-digest"': digest },
      headers: { "content-digest": digest },
    });
    expect(await outcomeOfMessage({ ...message, body: Buffer.alloc(0) })).toBe("nothing");
    expect(await outcomeOfMessage(message)).toBe("ERR_SIGNATURE_MISMATCH 401");
  });
});

describe("time", () => {
  const at = (seconds: number, parameters = "", toleranceMs = 0) => {
    const message = signMessage({ parameters: `;created=${created}${parameters}` });
    return outcomeOfMessage(message, { toleranceMs }, (created + seconds) * 1000);
  };

  test("a signature is good for five minutes, to the millisecond", async () => {
    expect(await at(0)).toBe("nothing");
    expect(await at(300)).toBe("nothing");
    expect(await at(300.001)).toBe("ERR_TIMESTAMP_STALE 401");
    expect(await at(360, "", 60_000)).toBe("nothing");
    expect(await at(360.001, "", 60_000)).toBe("ERR_TIMESTAMP_STALE 401");
  });

  test("a signature of tomorrow is refused", async () => {
    expect(await at(-0.001)).toBe("ERR_TIMESTAMP_STALE 401");
    expect(await at(-60, "", 60_000)).toBe("nothing");
    expect(await at(-60.001, "", 60_000)).toBe("ERR_TIMESTAMP_STALE 401");
  });

  test("expires ends it earlier, at its very second, and never later", async () => {
    expect(await at(9.999, `;expires=${created + 10}`)).toBe("nothing");
    expect(await at(10, `;expires=${created + 10}`)).toBe("ERR_TIMESTAMP_STALE 401");
    expect(await at(301, `;expires=${created + 9_999}`)).toBe("ERR_TIMESTAMP_STALE 401");
  });

  test("maxAgeMs and toleranceMs set the window, and the store is told how long it is", async () => {
    const options = { maxAgeMs: 10_000, toleranceMs: 0 };
    expect(messageScheme(options).toleranceMs).toBe(10_000);
    expect(messageScheme().toleranceMs).toBe(360_000);
    expect(await outcomeOfMessage(signMessage(), options, created * 1000 + 10_000)).toBe("nothing");
    expect(await outcomeOfMessage(signMessage(), options, created * 1000 + 10_001)).toBe("ERR_TIMESTAMP_STALE 401");
  });

  test("a clock that answers nonsense lets nothing through", async () => {
    expect(await outcomeOfMessage(signMessage(), {}, Number.NaN)).toBe("ERR_TIMESTAMP_STALE 401");
  });

  test("a wrong signature is told before a wrong time", async () => {
    const message = { ...signMessage(), method: "PUT" };
    expect(await outcomeOfMessage(message, {}, (created + 9_999) * 1000)).toBe("ERR_SIGNATURE_MISMATCH 401");
  });
});

describe("keys", () => {
  const other = generateKeyPairSync("ed25519").publicKey;
  const down = (): Promise<never> => Promise.reject(new Error("down"));

  test("may be several, in either order, or resolved", async () => {
    for (const keys of [[ed.publicKey, other], [other, ed.publicKey], async () => [other, ed.publicKey]]) {
      expect(await outcomeOfMessage(signMessage(), { keys })).toBe("nothing");
    }
    expect(await outcomeOfMessage(signMessage(), { keys: other })).toBe("ERR_SIGNATURE_MISMATCH 401");
    expect(await outcomeOfMessage(signMessage(), { keys: down })).toBe("ERR_KEY_SOURCE_UNAVAILABLE 503");
  });

  test("a public key is no secret to an HMAC", async () => {
    const pem = rsa.publicKey.export({ type: "spki", format: "pem" }).toString();
    expect(thrownBy(() => messageScheme({ algorithm: "hmac-sha256", keys: pem }))).toMatchObject({
      code: "ERR_KEY_INVALID",
    });
  });

  test("an answer under another algorithm is refused, whatever length it has", async () => {
    const message = signMessage();
    for (const bytes of [Buffer.alloc(64), Buffer.alloc(256, 1), sign("sha256", messageBody, rsa.privateKey)]) {
      const headers = { ...message.headers, signature: `sig1=:${bytes.toString("base64")}:` };
      for (const options of [
        {},
        { algorithm: "ecdsa-p256-sha256", keys: ec.publicKey },
        { algorithm: "rsa-pss-sha512", keys: rsa.publicKey },
        { algorithm: "rsa-v1_5-sha256", keys: rsa.publicKey },
        { algorithm: "hmac-sha256", keys: "a secret that only tests know" },
      ] as const) {
        expect(await outcomeOfMessage({ ...message, headers }, options)).toBe("ERR_SIGNATURE_MISMATCH 401");
      }
    }
  });
});

describe("at the start", () => {
  const start = (options: object) => thrownBy(() => messageScheme(options));

  test.each([
    ["algorithm", { algorithm: "none" }],
    ["algorithm", { algorithm: "toString" }],
    ["algorithm", { algorithm: undefined }],
    ["components", { components: [] }],
    ["components", { components: undefined }],
    ["components", { components: ["@method", "@path"] }],
    ["components", { components: ["content-digest", "@status"] }],
    ["components", { components: ["content-digest", "X-Upper"] }],
    ["components", { components: ["content-digest", 'x";a'] }],
    ["publicUrl", { components: ["content-digest", "@target-uri"] }],
    ["publicUrl", { components: ["content-digest", "@authority"] }],
    ["publicUrl", { components: ["content-digest", "@scheme"] }],
    ["publicUrl", { publicUrl: "hooks.example.com" }],
    ["publicUrl", { publicUrl: "https://hooks.example.com/base" }],
    ["publicUrl", { publicUrl: "https://user@hooks.example.com" }],
    ["publicUrl", { publicUrl: "ftp://hooks.example.com" }],
    ["label", { label: "" }],
    ["keyId", { keyId: " " }],
    ["keyId", { keyId: [] }],
    ["tag", { tag: "" }],
    ["maxAgeMs", { maxAgeMs: Number.NaN }],
    ["toleranceMs", { toleranceMs: -1 }],
  ])("refuses a bad %s and names it: %j", (name, options) => {
    const error = start(options);
    expect(error).toMatchObject({ name: "ConfigError", code: "ERR_OPTION_INVALID" });
    expect(error.message).toContain(name);
  });

  test.each([
    ["ed25519", ec.publicKey],
    ["ed25519", ed.privateKey],
    ["ed25519", Buffer.alloc(32, 1)],
    ["ecdsa-p256-sha256", generateKeyPairSync("ec", { namedCurve: "P-384" }).publicKey],
    ["rsa-pss-sha512", ed.publicKey],
    ["rsa-pss-sha512", generateKeyPairSync("rsa-pss", { modulusLength: 2048 }).publicKey],
    ["rsa-v1_5-sha256", generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey],
    ["hmac-sha256", ed.publicKey],
    ["hmac-sha256", createSecretKey(Buffer.from("secret"))],
  ])("refuses a key that does not fit %s", (algorithm, keys) => {
    expect(start({ algorithm, keys })).toMatchObject({ name: "ConfigError", code: "ERR_KEY_INVALID" });
  });

  test.each(["ed25519", "hmac-sha256"])("refuses missing keys for %s", (algorithm) => {
    for (const keys of [undefined, null, "", "  ", []]) {
      expect(start({ algorithm, keys })).toMatchObject({ name: "ConfigError", code: "ERR_SECRET_MISSING" });
    }
  });
});

test("asks for the headers it covers before the body is read", () => {
  const scheme = messageScheme({ components: ["content-digest", "x-event-id", "@method"] });
  expect(scheme.headers).toEqual(["signature-input", "signature", "content-digest", "x-event-id"]);
});
