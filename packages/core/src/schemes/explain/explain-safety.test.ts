import { createHmac } from "node:crypto";

import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { diagnosisCauses } from "../../diagnosis.ts";
import type { Diagnosis, DiagnosisCause } from "../../diagnosis.ts";
import {
  changedBodies,
  keyPlatform,
  nowMs,
  otherSpellings,
  refusedDelivery,
  secretPlatform,
} from "../../test-support/refused-messages.ts";
import { hmac } from "../hmac.ts";

/** Every piece of this length that a text is made of: not one of them may show. */
const pieceLength = 8;

function leakOf(message: string, ...texts: readonly string[]): string | undefined {
  for (const text of texts) {
    for (let start = 0; start + pieceLength <= text.length; start++) {
      const piece = text.slice(start, start + pieceLength);
      if (message.includes(piece)) return piece;
    }
  }
  return undefined;
}

test("the search for leaks finds one", () => {
  expect(leakOf("the secret is 01234567.", "x0123456789")).toBe("01234567");
});

const spelled = (bytes: Buffer): readonly string[] => [bytes.toString("base64"), bytes.toString("hex")];

/** Ways in which a secret is configured wrongly. */
const miswritten: readonly ((secret: string) => string | Uint8Array)[] = [
  (secret) => `${secret} `,
  (secret) => `"${secret}"`,
  (secret) => String.raw`${secret}\n`,
  (secret) => Buffer.from(secret).toString("base64"),
  (secret) => Buffer.from(secret).toString("hex"),
  (secret) => Buffer.from(secret, "hex"),
];

/** Causes that only schemes without a signature in a header of its own find; their tests look for leaks as well. */
const ofOtherSchemes: readonly DiagnosisCause[] = [
  "address-format",
  "address-proxy",
  "algorithm-claimed",
  "key-id",
  "key-unknown",
  "other-place",
  "secret-case",
  "signature-input",
  "token-claim",
  "url-changed",
];

test("no diagnosis of any cause shows a piece of a secret, a signature or a body", async () => {
  const keys = keyPlatform();
  const found = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      fc.stringMatching(/^[\da-f]{32}$/),
      fc.stringMatching(/^[G-Z]{16}$/),
      fc.integer({ min: 400, max: 10 ** 7 }),
      async (secret, marker, seconds) => {
        const platform = secretPlatform(secret);
        const see = (diagnosis: Diagnosis | undefined, ...hidden: readonly string[]): void => {
          found.add(diagnosis?.cause ?? "nothing");
          expect(leakOf(diagnosis?.message ?? "", ...hidden, secret, marker, ...spelled(Buffer.from(secret)))).toBe(
            undefined,
          );
        };
        for (const from of [platform, keys]) {
          for (const { scheme, delivery, signature, body } of [
            ...changedBodies(from, marker),
            ...otherSpellings(from, marker),
          ]) {
            const sent = Buffer.from(delivery.body).toString();
            see(await scheme.explain?.(delivery, nowMs), signature, body.replace(/^\W*id\W*/, ""), sent.slice(8));
          }
        }
        const body = `{"id":"${marker}"}`;
        const signature = platform.sign(body);
        const delivery = refusedDelivery(body, signature.toString("hex"));
        for (const miswrite of miswritten) {
          const { scheme } = secretPlatform("", miswrite(secret));
          see(await scheme().explain?.(delivery, nowMs), ...spelled(signature));
        }
        const other = secretPlatform("", "the live secret", { otherKeys: { test: secret } }).scheme();
        see(await other.explain?.(delivery, nowMs), "the live secret", ...spelled(signature));
        const sha1 = createHmac("sha1", secret).update(body).digest();
        see(await platform.scheme().explain?.(refusedDelivery(body, sha1.toString("hex")), nowMs), ...spelled(sha1));
        const renamed = hmac({ secrets: secret, header: "x-shop-sig", encoding: "hex" });
        see(await renamed.explain?.(refusedDelivery(body, "", { HTTP_X_SHOP_SIG: marker }), nowMs));
        const timed = platform.scheme({ content: "{timestamp}.{body}", timestamp: { header: "x-time" } });
        for (const time of [String(nowMs / 1000 - seconds), String(nowMs)]) {
          const value = platform.sign(`${time}.${body}`).toString("hex");
          see(await timed.explain?.(refusedDelivery(body, value, { "x-time": time }), nowMs), value);
        }
        see(await platform.scheme().explain?.(refusedDelivery(body, "ab".repeat(32)), nowMs));
      },
    ),
    { numRuns: 15 },
  );
  const elsewhere = new Set<string>(ofOtherSchemes);
  expect([...found].toSorted()).toEqual(diagnosisCauses.filter((cause) => !elsewhere.has(cause)).toSorted());
});

describe("hostile input is explained in bounded time:", () => {
  const { scheme } = secretPlatform("the platform's own secret");
  const mega = 1024 * 1024;
  const bodies: readonly (readonly [string, string | Uint8Array])[] = [
    ["10 MB of [", "[".repeat(10 * mega)],
    ["1 MiB of [", "[".repeat(mega)],
    ["JSON nested 500,000 deep", "[".repeat(mega / 2) + "]".repeat(mega / 2)],
    ["line breaks before an x", `${"\r\n".repeat(mega / 2 - 1)}x`],
    ["blanks", `${" ".repeat(mega - 1)}x`],
    ["quotes and backslashes", JSON.stringify('\\"'.repeat(mega / 8))],
    ["commas in quotes", JSON.stringify(",:".repeat(mega / 4))],
    ["base64 that ends oddly", `${"A".repeat(mega - 1)}!`],
    ["percent signs", "a=%2".repeat(mega / 4)],
    ["bytes that are no text", Buffer.alloc(mega, 0xff)],
    ["a prototype", '{"__proto__":{"polluted":true},"toJSON":1,"a":{"constructor":{"prototype":{"polluted":1}}}}'],
    ["no bytes", ""],
  ];

  test.each(bodies)("%s", async (_what, body) => {
    const startedAt = performance.now();
    const diagnosis = await scheme().explain?.(refusedDelivery(body, "ab".repeat(32)), nowMs);
    expect(diagnosis?.cause ?? "unknown").toBe("unknown");
    expect(performance.now() - startedAt).toBeLessThan(3_000);
    expect({}).not.toHaveProperty("polluted");
  });

  test("the size of a body decides whether anything is tried", async () => {
    const explain = async (bytes: number) => {
      const body = Buffer.alloc(bytes, 0x20);
      const signature = secretPlatform("the platform's own secret").sign(Buffer.concat([body, Buffer.from("\n")]));
      return scheme().explain?.(refusedDelivery(body, signature.toString("hex")), nowMs);
    };
    expect(await explain(mega)).toMatchObject({ cause: "body-line-endings" });
    expect(await explain(mega + 1)).toMatchObject({ cause: "unknown", message: expect.stringContaining("over 1 MiB") });
  });

  test.each([
    ["not hex", "zz"],
    ["multi-byte characters", "é".repeat(64)],
    ["4,096 equals signs", "=".repeat(4096)],
    ["100,000 characters", "a".repeat(100_000)],
    ["line breaks", "ab\r\n[hooklatch] forged"],
    ["a prefix without end", `${"a".repeat(4000)}=`],
    ["quotes", '"'],
    ["separators", ",".repeat(4096)],
    ["fields", "v1=a,".repeat(800)],
  ])("a signature of %s", async (_what, signature) => {
    const fields = { separator: ",", assign: "=", signature: "v1" };
    for (const options of [{}, { encoding: "base64" }, { prefix: "sha256=" }, { fields }] as const) {
      const diagnosis = await scheme(options).explain?.(refusedDelivery("{}", signature), nowMs);
      expect(diagnosis?.cause).toBe("unknown");
      expect(diagnosis?.message).not.toContain("forged");
    }
  });

  test("ten thousand headers, of which the first two hundred are looked at", async () => {
    const names = Array.from({ length: 10_000 }, (_, index) => [`x-header-${index}`, "1"] as const);
    const missing = hmac({ secrets: "the platform's own secret", header: "x-shop-sig", encoding: "hex" });
    const delivery = refusedDelivery("{}", "", { ...Object.fromEntries(names), HTTP_X_SHOP_SIG: "ab" });
    expect(await missing.explain?.(delivery, nowMs)).toMatchObject({ cause: "unknown" });
  });

  test("a thousand secrets: no more than twenty are tried", async () => {
    const secrets = Array.from({ length: 1_000 }, (_, index) => `secret number ${index} `);
    const many = hmac({ secrets, header: "x-sig", encoding: "hex" });
    const causeOf = async (index: number) => {
      const signature = secretPlatform(`secret number ${index}`).sign("{}").toString("hex");
      return (await many.explain?.(refusedDelivery("{}", signature), nowMs))?.cause;
    };
    expect([await causeOf(19), await causeOf(20)]).toEqual(["secret-white-space", "unknown"]);
  });
});
