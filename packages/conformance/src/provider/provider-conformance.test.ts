import { createHmac } from "node:crypto";

import { defineProvider } from "@hooklatch/core";
import type { Delivery, Provider, ProviderDefinition, Scheme } from "@hooklatch/core";
import { BackendError, RejectedError } from "@hooklatch/core/errors";
import { hmac } from "@hooklatch/core/schemes";
import type { Keys } from "@hooklatch/core/schemes";
import type { MockPlatform } from "@hooklatch/mock-sender";
import { describe, expect, test } from "vitest";

import type { ProviderCaseName } from "./case-names.ts";
import type { ProviderConformanceOptions } from "./options.ts";
import { providerConformance } from "./provider-conformance.ts";

interface GullEvents {
  readonly "fish.caught": { readonly grams: number };
  readonly "fish.lost": { readonly to: string };
}

type Options = ProviderConformanceOptions<GullEvents, { readonly secret: string }>;
type Change = (secrets: Keys<string>) => Partial<ProviderDefinition>;

let mocksSoFar = 0;

const schemeFor = (secrets: Keys<string>): Scheme =>
  hmac({
    secrets,
    header: "x-gull-signature",
    encoding: "hex",
    content: "{timestamp}.{body}",
    timestamp: { header: "x-gull-time" },
  });

/** A provider that conforms, but for the change. */
const gull = (secrets: Keys<string>, change: Change): Provider<GullEvents> =>
  defineProvider({ name: "gull", scheme: schemeFor(secrets), payload: "data", ...change(secrets) });

function gullMock(change: Change): MockPlatform<GullEvents, { readonly secret: string }> {
  const secret = `a secret of gull ${++mocksSoFar}`;
  return {
    name: "gull",
    provider: gull(secret, change),
    credentials: { secret },
    types: ["fish.caught", "fish.lost"],
    attemptsDueMs: [0],
    // Each type has its own payload, which the compiler cannot see from the outside.
    fixture: (type) => (type === "fish.caught" ? { grams: 70 } : { to: "a pelican" }) as GullEvents[typeof type],
    encode({ type, payload, moment }) {
      const parsed = { id: moment.uuid("event"), type, data: payload };
      return { contentType: "application/json", bytes: Buffer.from(JSON.stringify(parsed)), parsed };
    },
    sign(request, { key, nowMs }) {
      const time = String(Math.floor(nowMs / 1000));
      const signature = createHmac("sha256", key === "own" ? secret : "a secret of nobody")
        .update(`${time}.`)
        .update(request.body)
        .digest("hex");
      const headers = { ...request.headers, "x-gull-time": time, "x-gull-signature": signature, "x-gull-try": "1" };
      return { ...request, headers };
    },
  };
}

function casesFor(change: Change = () => ({}), options: Partial<Options> = {}) {
  return providerConformance<GullEvents, { readonly secret: string }>({
    mock: () => gullMock(change),
    signature: { header: "X-Gull-Signature" },
    keys: { of: ({ secret }) => secret, provider: (secrets) => gull(secrets, change) },
    ...options,
  });
}

async function run(name: ProviderCaseName, change?: Change, options?: Partial<Options>): Promise<void> {
  const found = casesFor(change, options).find((one) => one.name.startsWith(`${name}: `));
  if (found === undefined) throw new Error(`There is no case ${name}.`);
  await found.run();
}

/** The good scheme, with another way to verify. */
const verifying =
  (verify: (delivery: Delivery, nowMs: number, good: Scheme, secrets: Keys<string>) => ReturnType<Scheme["verify"]>) =>
  (secrets: Keys<string>): Partial<ProviderDefinition> => {
    const good = schemeFor(secrets);
    return { scheme: { ...good, verify: (delivery, nowMs) => verify(delivery, nowMs, good, secrets) } };
  };

const digestOf = (delivery: Delivery, secret: unknown, content = delivery.body): string =>
  createHmac("sha256", String(secret))
    .update(`${delivery.header("x-gull-time")}.`)
    .update(content)
    .digest("hex");

const proveIf = (isGood: boolean, { body }: Delivery): Uint8Array => {
  if (isGood) return body;
  throw new RejectedError("ERR_SIGNATURE_MISMATCH", "It does not fit.");
};

const parse = ({ body }: Delivery): object => {
  const parsed: unknown = JSON.parse(Buffer.from(body).toString());
  return typeof parsed === "object" && parsed !== null ? parsed : {};
};

let counter = 0;

describe("a provider that conforms", () => {
  test.each(casesFor())("$name", async (one) => expect(one.run()).resolves.toBeUndefined());
});

describe("a provider is found that", () => {
  const sloppy: readonly (readonly [what: string, name: ProviderCaseName, complaint: string, change: Change])[] = [
    ["hands over another payload", "fixtures", "payload of fish.caught is not its fixture", () => ({ payload: "id" })],
    ["looks at no body", "body-changes", "of its body changed", verifying(({ body }) => body)],
    [
      "takes the start of a signature",
      "signature-changes",
      "the first 1 characters of the signature",
      verifying((delivery, _nowMs, _good, secret) =>
        proveIf(digestOf(delivery, secret).startsWith(delivery.header("x-gull-signature") ?? "-"), delivery),
      ),
    ],
    [
      "reads the body first",
      "signature-forms",
      "without a signature was read",
      (secrets) => ({ scheme: { ...schemeFor(secrets), headers: [] } }),
    ],
    ["believes everybody", "foreign-key", "signed with a foreign key", verifying(({ body }) => body)],
    [
      "tells its secret",
      "foreign-key",
      "holds a key",
      verifying(async (delivery, nowMs, good, secret) => {
        try {
          return await good.verify(delivery, nowMs);
        } catch {
          throw new RejectedError("ERR_SIGNATURE_MISMATCH", `It was not signed with ${String(secret)}.`);
        }
      }),
    ],
    [
      "knows the first secret only",
      "rotation",
      "the new one",
      (secrets) => ({ scheme: schemeFor(Array.isArray(secrets) ? String(secrets[0]) : secrets) }),
    ],
    [
      "has a secret for those who forgot theirs",
      "missing-key",
      "With a resolver that answers",
      () => ({ scheme: schemeFor("a default secret") }),
    ],
    [
      "tells a tolerance that it does not have",
      "time-edges",
      "600000 ms after it was signed",
      (secrets) => ({ scheme: { ...schemeFor(secrets), toleranceMs: 600_000 } }),
    ],
    [
      "looks at no time",
      "odd-times",
      "the signed time of 0 ms",
      verifying((delivery, _nowMs, good) => good.verify(delivery, Number(delivery.header("x-gull-time")) * 1000)),
    ],
    ["counts its events", "stable-id", "the same bytes again", () => ({ id: () => `event ${++counter}` })],
    ["names events by their type", "own-id", "its id is another event's", () => ({ id: "type" })],
    [
      "names events by a header that is not signed",
      "unsigned-parts",
      "a new event with x-gull-try",
      () => ({ id: (body, delivery) => `${String(body["id"])} ${delivery.header("x-gull-try")}` }),
    ],
    [
      "is at a loss with what is not JSON",
      "bad-bodies",
      "unavailable",
      verifying((delivery, nowMs, good) => {
        try {
          parse(delivery);
        } catch {
          throw new BackendError("ERR_KEY_SOURCE_UNAVAILABLE", "Who can tell?");
        }
        return good.verify(delivery, nowMs);
      }),
    ],
    [
      "parses the body again, with less care",
      "hostile-bodies",
      "pollutes",
      () => ({ payload: (_body, delivery) => Object.assign({}, parse(delivery)) }),
    ],
    [
      "writes the body again before it is proven",
      "exact-bytes",
      "1.0",
      verifying((delivery, _nowMs, _good, secret) => {
        const rewritten = Buffer.from(JSON.stringify(parse(delivery)));
        return proveIf(digestOf(delivery, secret, rewritten) === delivery.header("x-gull-signature"), delivery);
      }),
    ],
  ];

  test.each(sloppy)("%s", async (_what, name, complaint, change) => {
    await expect(run(name, change)).rejects.toThrow(complaint);
  });

  test("leaves a rejected promise behind", async () => {
    // The test runner's own listeners would fail this test.
    const listeners = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection");
    try {
      const careless = verifying((delivery, nowMs, good) => {
        void Promise.reject(new Error("nobody waits for this"));
        return good.verify(delivery, nowMs);
      });
      await expect(run("fixtures", careless)).rejects.toThrow("nobody handled it");
    } finally {
      for (const listener of listeners) process.on("unhandledRejection", listener);
    }
  });
});

describe("what a platform is said to do otherwise", () => {
  test("is a case that must fail, with its reason in the name", async () => {
    const doesNotApply = { "own-id": "Gulls have no memory" } as const;
    const { name } = casesFor(undefined, { doesNotApply }).find((one) => one.name.startsWith("own-id")) ?? {};
    expect(name).toBe("own-id: does not apply: Gulls have no memory");
    await expect(run("own-id", undefined, { doesNotApply })).rejects.toThrow("the provider passes it");
    await expect(run("own-id", () => ({ id: "type" }), { doesNotApply })).resolves.toBeUndefined();
  });

  test("needs a reason", () => {
    expect(() => casesFor(undefined, { doesNotApply: { rotation: " " } })).toThrow("needs a reason");
  });

  test("is a header in the event id, where that is true", async () => {
    const unsignedInId = { "x-gull-try": "Gulls try until they succeed" };
    await expect(run("unsigned-parts", undefined, { unsignedInId })).rejects.toThrow("is not what it says");
    const change: Change = () => ({ id: (body, delivery) => `${String(body["id"])} ${delivery.header("x-gull-try")}` });
    await expect(run("unsigned-parts", change, { unsignedInId })).resolves.toBeUndefined();
  });

  test("is a part of the payload that is not signed", async () => {
    const signedPart = (payload: unknown): unknown => payload;
    await expect(run("body-changes", undefined, { signedPart })).resolves.toBeUndefined();
    const believing = verifying(({ body }) => body);
    await expect(run("body-changes", believing, { signedPart })).rejects.toThrow("says something else");
  });

  test("is a key, without which there is nothing to rotate", async () => {
    const cases = providerConformance({
      mock: () => gullMock(() => ({})),
      signature: { header: "x-gull-signature" },
      doesNotApply: { rotation: "It has none" },
    });
    await expect(cases.find(({ name }) => name.startsWith("rotation"))?.run()).resolves.toBeUndefined();
    await expect(cases.find(({ name }) => name.startsWith("missing-key"))?.run()).rejects.toThrow("keys is not given");
  });
});
