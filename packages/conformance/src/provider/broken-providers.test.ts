import { createHash, createHmac } from "node:crypto";

import type { Delivery, Scheme } from "@hooklatch/core";
import { BackendError, RejectedError } from "@hooklatch/core/errors";
import type { Keys } from "@hooklatch/core/schemes";
import { describe, expect, test } from "vitest";

import { digestOf, parse, proveIf, run, schemeFor, verifying } from "../test-support/gull.ts";
import type { Change } from "../test-support/gull.ts";
import { caseNames } from "./case-names.ts";
import type { ProviderCaseName } from "./case-names.ts";

/** The proof of a scheme that reads text where there are bytes. */
const trimmed = (delivery: Delivery, _nowMs: number, _good: Scheme, secrets: Keys<string>): Uint8Array => {
  const content = Buffer.from(Buffer.from(delivery.body).toString().trimEnd());
  return proveIf(digestOf(delivery, secrets, content) === delivery.header("x-gull-signature"), delivery);
};

let counter = 0;

describe("a provider is found that", () => {
  const sloppy: readonly (readonly [what: string, name: ProviderCaseName, complaint: string, change: Change])[] = [
    ["hands over another payload", "fixtures", "payload of fish.caught is not its fixture", () => ({ payload: "id" })],
    // Whatever a scheme answers that is not the bytes it proved is a refusal.
    ["says yes", "fixtures", "ERR_SCHEME_FAULTY", verifying(() => new Uint8Array([1]))],
    ["looks at no body", "body-changes", "of its body changed", verifying(({ body }) => body)],
    ["takes no notice of space at the end", "body-changes", "one byte more", verifying(trimmed)],
    [
      "overlooks one byte in one type of event",
      "body-changes",
      "a fish.lost with byte 7 of its body changed",
      verifying((delivery, _nowMs, _good, secret) => {
        const signature = delivery.header("x-gull-signature");
        if (!Buffer.from(delivery.body).includes("fish.lost"))
          return proveIf(digestOf(delivery, secret) === signature, delivery);
        const guesses = Array.from({ length: 256 }, (_, value) => Uint8Array.from(delivery.body).fill(value, 7, 8));
        return proveIf(
          guesses.some((guess) => digestOf(delivery, secret, guess) === signature),
          delivery,
        );
      }),
    ],
    [
      "takes the start of a signature in one type of event",
      "signature-changes",
      "a fish.lost with the first 0 characters of the signature",
      verifying((delivery, _nowMs, _good, secret) => {
        const [digest, signature = "-"] = [digestOf(delivery, secret), delivery.header("x-gull-signature")];
        const isLost = Buffer.from(delivery.body).includes("fish.lost");
        return proveIf(isLost ? digest.startsWith(signature) : digest === signature, delivery);
      }),
    ],
    [
      "asks for a header and signs it not",
      "header-changes",
      "character 0 changed of x-gull-try",
      (secrets) => ({ scheme: { ...schemeFor(secrets), headers: [...schemeFor(secrets).headers, "x-gull-try"] } }),
    ],
    [
      "takes what the sender says for the algorithm",
      "downgrades",
      "an HMAC with sha1",
      verifying((delivery, nowMs, good, secret) => {
        const [hash, given] = delivery.header("x-gull-signature")?.split("=") ?? [];
        if (hash !== "sha1" || typeof secret !== "string") return good.verify(delivery, nowMs);
        return proveIf(createHmac("sha1", secret).update(delivery.body).digest("hex") === given, delivery);
      }),
    ],
    [
      "takes a digest without a key",
      "downgrades",
      "a sha256 without a key",
      verifying((delivery, nowMs, good) => {
        const signature = delivery.header("x-gull-signature");
        if (createHash("sha256").update(delivery.body).digest("base64") === signature) return delivery.body;
        return good.verify(delivery, nowMs);
      }),
    ],
    [
      "remembers by itself which events it saw, whatever the endpoint",
      "other-endpoints",
      "A fish.caught is rejected at endpoint 2",
      () => {
        const seen = new Set<string>();
        return {
          id({ id }) {
            const isNew = typeof id === "string" && !seen.has(id);
            seen.add(String(id));
            return isNew ? id : undefined;
          },
        };
      },
    ],
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
      "never looks at the clock",
      "time-edges",
      "300001 ms after it was signed",
      verifying((delivery, _nowMs, good) => good.verify(delivery, Number(delivery.header("x-gull-time")) * 1000)),
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

  test("breaks each case", () => {
    expect(new Set(sloppy.map(([, name]) => name))).toEqual(new Set(Object.keys(caseNames)));
  });

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
