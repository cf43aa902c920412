import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";

import { refusalOf, thrownBy } from "../test-support/caught.ts";
import {
  answer,
  deliveryOf,
  headersOf,
  nowMs,
  otherSecret,
  signWith,
  vector,
} from "../test-support/standard-message.ts";
import { standardWebhooks } from "./standard-webhooks.ts";
import type { StandardWebhooksOptions } from "./standard-webhooks.ts";

const { secret, publicKey } = vector;
const mismatch = "ERR_SIGNATURE_MISMATCH 401";
const missing = "ERR_SIGNATURE_MISSING 401";
const malformed = "ERR_SIGNATURE_MALFORMED 401";

const otherPair = generateKeyPairSync("ed25519");
const otherPublicKey = `whpk_${otherPair.publicKey.export({ type: "spki", format: "der" }).subarray(-32).toString("base64")}`;

const both = { secrets: secret, publicKeys: publicKey };

describe("the reference message", () => {
  test.each([
    ["v1", { secrets: secret }, vector.v1],
    ["v1a", { publicKeys: publicKey }, vector.v1a],
    ["v1, where v1a would do as well", both, vector.v1],
    ["v1a, where v1 would do as well", both, vector.v1a],
    ["both", both, `${vector.v1a} ${vector.v1}`],
    ["v1 behind one of another secret", { secrets: secret }, `${signWith(otherSecret)} ${vector.v1}`],
    ["v1 before one of another secret", { secrets: secret }, `${vector.v1} ${signWith(otherSecret)}`],
    ["v1 beside versions of the future", { secrets: secret }, `v2,zzz ${vector.v1} v1b,x junk`],
    ["v1 with a broken v1a that nobody asked for", { secrets: secret }, `v1a,zzz ${vector.v1}`],
  ])("is proven by %s", async (_what, options: StandardWebhooksOptions, signature) => {
    const delivery = deliveryOf(headersOf(signature));
    expect(await standardWebhooks(options).verify(delivery, nowMs)).toBe(delivery.body);
  });

  test("is proven at once where no key is resolved", () => {
    const delivery = deliveryOf(headersOf(vector.v1));
    expect(standardWebhooks({ secrets: secret }).verify(delivery, nowMs)).toBe(delivery.body);
  });

  test.each([
    ["v1 under the name v1a", { publicKeys: publicKey }, vector.v1.replace("v1,", "v1a,"), mismatch],
    ["v1a under the name v1", { secrets: secret }, vector.v1a.replace("v1a,", "v1,"), mismatch],
    ["v1 where only public keys are known", { publicKeys: publicKey }, vector.v1, missing],
    ["v1a where only secrets are known", { secrets: secret }, vector.v1a, missing],
    ["v1 of another secret", { secrets: otherSecret }, vector.v1, mismatch],
    ["v1a of another key", { publicKeys: otherPublicKey }, vector.v1a, mismatch],
    ["v1 that is forged beside no v1a", both, signWith(otherSecret), mismatch],
    ["an unknown version", both, vector.v1.replace("v1,", "v2,"), missing],
    ["v1 in hex", { secrets: secret }, `v1,${Buffer.from(vector.v1.slice(3), "base64").toString("hex")}`, mismatch],
    ["v1 without its padding", { secrets: secret }, vector.v1.replace("=", ""), malformed],
    ["v1 in base64url", { secrets: secret }, vector.v1.replaceAll("+", "-").replaceAll("/", "_"), malformed],
    ["no version", { secrets: secret }, vector.v1.slice(3), missing],
    ["nothing but a version", { secrets: secret }, "v1,", malformed],
    ["nine signatures", { secrets: secret }, Array.from({ length: 9 }, () => vector.v1).join(" "), malformed],
    ["signatures joined by commas", { secrets: secret }, `${vector.v1},${vector.v1}`, malformed],
  ])("is not proven by %s", async (_what, options: StandardWebhooksOptions, signature, refusal) => {
    expect(await answer(standardWebhooks(options), headersOf(signature))).toBe(refusal);
  });

  test("is not proven once its id, its time, its body or a bit of the signature is another", async () => {
    for (const [options, signature] of [
      [{ secrets: secret }, vector.v1],
      [{ publicKeys: publicKey }, vector.v1a],
    ] as const) {
      const scheme = standardWebhooks(options);
      expect(await answer(scheme, headersOf(signature, { id: "msg_other" }))).toBe(mismatch);
      expect(await answer(scheme, headersOf(signature, { time: "1614265331" }))).toBe(mismatch);
      expect(await answer(scheme, headersOf(signature), `${vector.body} `)).toBe(mismatch);
      const [version = "", text = ""] = signature.split(",");
      for (let bit = 0; bit < Buffer.from(text, "base64").length * 8; bit += 7) {
        const changed = Buffer.from(text, "base64");
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(await answer(scheme, headersOf(`${version},${changed.toString("base64")}`))).toBe(mismatch);
      }
    }
  });
});

describe("an id", () => {
  const scheme = standardWebhooks({ secrets: secret });

  test("with a dot is refused, even if it is signed so: bytes could move into the body", async () => {
    const message = { ...vector, id: "msg.1" };
    expect(await answer(scheme, headersOf(signWith(secret, message), message))).toBe(malformed);
  });

  test("cannot take its time from the front of a body", async () => {
    const signed = { id: "msg_1", time: vector.time, body: "1614265330.{}" };
    const signature = signWith(secret, signed);
    expect(await answer(scheme, headersOf(signature, signed), signed.body)).toBe("nothing");
    expect(await answer(scheme, headersOf(signature, { id: `msg_1.${vector.time}` }), "{}")).toBe(malformed);
  });
});

describe("the headers", () => {
  const svix = headersOf(vector.v1, { prefix: "svix" });
  const webhook = headersOf(vector.v1);

  test("are those of the standard, of Svix, or one whole set of either", () => {
    const headersFor = (options: Partial<StandardWebhooksOptions>): unknown => {
      const { headers, anyHeaders } = standardWebhooks({ secrets: secret, ...options });
      return anyHeaders === undefined ? headers.toSorted() : [headers, anyHeaders.map((names) => names.toSorted())];
    };
    const names = (prefix: string) => [`${prefix}-id`, `${prefix}-signature`, `${prefix}-timestamp`];
    expect(headersFor({})).toEqual(names("webhook"));
    expect(headersFor({ publicKeys: publicKey })).toEqual(names("webhook"));
    expect(headersFor({ headers: "svix" })).toEqual(names("svix"));
    expect(headersFor({ headers: "either" })).toEqual([[], [names("webhook"), names("svix")]]);
    expect(headersFor({ headers: "either", publicKeys: publicKey })).toEqual([[], [names("webhook"), names("svix")]]);
  });

  test.each([
    ["webhook", webhook, "nothing"],
    ["webhook", svix, missing],
    ["svix", svix, "nothing"],
    ["svix", webhook, missing],
    ["either", webhook, "nothing"],
    ["either", svix, "nothing"],
    ["either", { ...webhook, ...svix }, "nothing"],
    ["either", { ...svix, ...headersOf(signWith(otherSecret)) }, "nothing"],
    ["either", { ...headersOf(vector.v1a, { prefix: "svix" }), ...headersOf("junk") }, "nothing"],
  ] as const)("named %s take %j", async (headers, sent, expected) => {
    expect(await answer(standardWebhooks({ ...both, headers }), sent)).toBe(expected);
  });

  test("of two kinds are not mixed", async () => {
    const scheme = standardWebhooks({ ...both, headers: "either" });
    const mixed = { ...svix, "svix-signature": "v1,", "webhook-signature": vector.v1 };
    expect(await answer(scheme, mixed)).toBe(malformed);
    const { "svix-id": id, ...rest } = svix;
    expect(await answer(scheme, { ...rest, "webhook-id": String(id) })).toBe(missing);
  });

  test("of two kinds with two ids are refused, or an unsigned id could pass for the signed one", async () => {
    const scheme = standardWebhooks({ secrets: secret, headers: "either" });
    for (const id of ["msg_other", "", `${vector.id} `]) {
      expect(await answer(scheme, { ...svix, "webhook-id": id })).toBe(malformed);
      expect(await answer(scheme, { ...webhook, "svix-id": id })).toBe(malformed);
    }
    expect(await answer(scheme, { ...svix, "webhook-id": [vector.id, "msg_other"] })).toBe("ERR_HEADER_REPEATED 400");
    expect(await answer(scheme, { ...svix, "webhook-id": vector.id })).toBe("nothing");
  });

  test("may not be repeated", async () => {
    const scheme = standardWebhooks({ secrets: secret });
    for (const name of ["webhook-id", "webhook-timestamp", "webhook-signature"] as const) {
      const value = String(webhook[name]);
      expect(await answer(scheme, { ...webhook, [name]: [value, value] })).toBe("ERR_HEADER_REPEATED 400");
    }
  });
});

describe("the time", () => {
  const scheme = (options: Partial<StandardWebhooksOptions> = {}) => standardWebhooks({ secrets: secret, ...options });
  const at = async (offMs: number, options?: Partial<StandardWebhooksOptions>) =>
    refusalOf(() => scheme(options).verify(deliveryOf(headersOf(vector.v1)), nowMs + offMs));

  test("may lie five minutes off either way, and is told as the tolerance", async () => {
    expect(scheme().toleranceMs).toBe(300_000);
    expect(scheme({ headers: "either", publicKeys: publicKey }).toleranceMs).toBe(300_000);
    for (const offMs of [300_000, -300_000]) {
      expect(await at(offMs)).toBe("nothing");
      expect(await at(offMs + Math.sign(offMs))).toBe("ERR_TIMESTAMP_STALE 401");
    }
  });

  test("keeps to another tolerance", async () => {
    expect(await at(1000, { toleranceMs: 1000 })).toBe("nothing");
    expect(await at(1001, { toleranceMs: 1000 })).toBe("ERR_TIMESTAMP_STALE 401");
    expect(await at(1001, { toleranceMs: 1000, headers: "either", publicKeys: publicKey })).toBe(
      "ERR_TIMESTAMP_STALE 401",
    );
  });

  test.each(["1614265330zzz", "NaN", "-1614265330", "1e308", "", " 1614265330"])(
    "is refused as %j, even if it is signed so",
    async (time) => {
      const message = { ...vector, time };
      const refusal = await answer(scheme(), headersOf(signWith(secret, message), message));
      expect(refusal).toBe("ERR_TIMESTAMP_INVALID 401");
    },
  );
});

test.each([
  ["headers", { headers: "x-webhook" }],
  ["headers", { headers: "toString" }],
  ["toleranceMs", { toleranceMs: 0 }],
  ["cacheMs", { cacheMs: -1 }],
])("the option %s is refused at the start as in %j", (name, options: object) => {
  const error = thrownBy(() => standardWebhooks({ secrets: secret, ...options }));
  expect(error).toMatchObject({ name: "ConfigError", code: "ERR_OPTION_INVALID" });
  expect(error.message).toContain(`${name} must be`);
});
