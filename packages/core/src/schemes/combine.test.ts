import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";

import { createReceiver } from "../create-receiver.ts";
import { toDelivery, toIncomingDelivery } from "../incoming-delivery.ts";
import { BackendError, ConfigError, RejectedError } from "../errors.ts";
import type { ErrorCodeOf } from "../errors.ts";
import type { Scheme } from "../scheme.ts";
import { refusalOf, thrownBy } from "../test-support/caught.ts";
import { orderPaid, shop } from "../test-support/test-provider.ts";
import { allOf, anyOf } from "./combine.ts";
import { hmac } from "./hmac.ts";

const bytes = Buffer.from("{}");
const delivery = toDelivery(toIncomingDelivery({ headers: {}, body: bytes }), bytes, 0);
const verify = (scheme: Scheme): Promise<string> => refusalOf(() => scheme.verify(delivery, 5));

const says = (answer: () => unknown, more: Partial<Scheme> = {}): Scheme => ({
  headers: [],
  ...more,
  // What a scheme of a program without types may answer.
  verify: answer as Scheme["verify"],
});
const yes = says(() => delivery.body);
const yesLater = says(async () => delivery.body);
const no = (code: ErrorCodeOf<"rejected">): Scheme =>
  says(() => {
    throw new RejectedError(code, "No.");
  });
const away = says(async () => {
  throw new BackendError("ERR_KEY_SOURCE_UNAVAILABLE", "Away.");
});
const never = says(() => expect.unreachable("It was asked."));

/** Answers that are no verdict, one for each way to get it wrong. */
const faulty: readonly (readonly [string, Scheme])[] = [
  ["true", says(() => true)],
  ["nothing", says(() => undefined)],
  ["a copy of the bytes", says(() => Buffer.from(bytes))],
  ["true, later", says(async () => true)],
  ["by throwing a string", says(() => Promise.reject("s3cr3t"))],
  [
    "by throwing an error of its own",
    says(() => {
      throw new TypeError("s3cr3t");
    }),
  ],
];

describe("allOf", () => {
  test("proves what every one of its schemes proves, with the very bytes", async () => {
    expect(await allOf(yes, yesLater, yes).verify(delivery, 0)).toBe(delivery.body);
    expect(await allOf(yes).verify(delivery, 0)).toBe(delivery.body);
  });

  test("refuses with the first refusal and asks nobody behind it", async () => {
    expect(await verify(allOf(yes, no("ERR_ADDRESS_NOT_ALLOWED"), never))).toBe("ERR_ADDRESS_NOT_ALLOWED 401");
    expect(await verify(allOf(no("ERR_SIGNATURE_MISSING"), never))).toBe("ERR_SIGNATURE_MISSING 401");
    expect(await verify(allOf(yesLater, no("ERR_TIMESTAMP_STALE")))).toBe("ERR_TIMESTAMP_STALE 401");
  });

  test("is unavailable when one of them is, unless one before it refuses", async () => {
    expect(await verify(allOf(yes, away))).toBe("ERR_KEY_SOURCE_UNAVAILABLE 503");
    expect(await verify(allOf(no("ERR_SIGNATURE_MISMATCH"), away))).toBe("ERR_SIGNATURE_MISMATCH 401");
  });

  test.each(faulty)("refuses when one of them answers %s", async (_what, scheme) => {
    expect(await verify(allOf(scheme, yes))).toBe("ERR_SCHEME_FAULTY 401");
    expect(await verify(allOf(yes, scheme))).toBe("ERR_SCHEME_FAULTY 401");
  });
});

describe("anyOf", () => {
  test("proves what one of its schemes proves, and asks nobody behind it", async () => {
    expect(await anyOf(yes, never).verify(delivery, 0)).toBe(delivery.body);
    expect(await anyOf(no("ERR_SIGNATURE_MISMATCH"), yesLater, never).verify(delivery, 0)).toBe(delivery.body);
    expect(await anyOf(away, yes).verify(delivery, 0)).toBe(delivery.body);
  });

  test("asks its schemes in their order, with the delivery and the time it was given", async () => {
    const asked: unknown[] = [];
    const note = (name: string): Scheme => ({
      headers: [],
      verify(given, nowMs) {
        asked.push([name, given === delivery, nowMs]);
        throw new RejectedError("ERR_SIGNATURE_MISMATCH", name);
      },
    });
    await verify(anyOf(note("first"), note("second")));
    expect(asked).toEqual([
      ["first", true, 5],
      ["second", true, 5],
    ]);
  });

  test("is unavailable when nobody proved it and one could not decide, wherever that one stands", async () => {
    expect(await verify(anyOf(away, no("ERR_SIGNATURE_MISMATCH")))).toBe("ERR_KEY_SOURCE_UNAVAILABLE 503");
    expect(await verify(anyOf(no("ERR_TIMESTAMP_STALE"), away))).toBe("ERR_KEY_SOURCE_UNAVAILABLE 503");
  });

  test.each([
    ["ERR_SIGNATURE_MISSING", "ERR_SIGNATURE_MALFORMED", "ERR_SIGNATURE_MALFORMED 401"],
    ["ERR_SIGNATURE_MALFORMED", "ERR_SIGNATURE_MISMATCH", "ERR_SIGNATURE_MISMATCH 401"],
    ["ERR_SIGNATURE_MISMATCH", "ERR_TIMESTAMP_STALE", "ERR_TIMESTAMP_STALE 401"],
    ["ERR_SIGNATURE_MISSING", "ERR_TOKEN_INVALID", "ERR_TOKEN_INVALID 401"],
  ] as const)("refuses with what says more: of %s and %s, %s", async (vague, telling, expected) => {
    expect(await verify(anyOf(no(vague), no(telling)))).toBe(expected);
    expect(await verify(anyOf(no(telling), no(vague)))).toBe(expected);
  });

  test("refuses with the first of two that say as much", () => {
    const first = no("ERR_SIGNATURE_MISMATCH");
    const second = says(() => {
      throw new RejectedError("ERR_SIGNATURE_MISMATCH", "Second.");
    });
    return expect(anyOf(first, second).verify(delivery, 0)).rejects.toThrow("No.");
  });

  test.each(faulty)("takes %s for no proof, and leaves the others their say", async (_what, scheme) => {
    expect(await verify(anyOf(scheme, no("ERR_SIGNATURE_MISMATCH")))).toBe("ERR_SCHEME_FAULTY 401");
    expect(await verify(anyOf(no("ERR_SIGNATURE_MISMATCH"), scheme))).toBe("ERR_SCHEME_FAULTY 401");
    expect(await verify(anyOf(scheme, yes))).toBe("nothing");
  });

  test("keeps what a scheme threw out of its errors", async () => {
    const caught: unknown = await Promise.resolve(
      anyOf(says(() => Promise.reject(new Error("s3cr3t")))).verify(delivery, 0),
    ).catch((error: unknown) => error);
    expect(caught).toBeInstanceOf(RejectedError);
    expect(caught instanceof Error && `${caught.message} ${String(caught.cause)}`).not.toContain("s3cr3t");
  });

  test("passes on that the developer must act", async () => {
    const misconfigured = says(() => {
      throw new ConfigError("ERR_OPTION_INVALID", "It must be something else.");
    });
    expect(await verify(anyOf(misconfigured, yes))).toBe("ERR_OPTION_INVALID 500");
  });
});

describe("what a combination needs before a body is read", () => {
  const needs = (headers: readonly string[], anyHeaders?: Scheme["anyHeaders"]): Scheme =>
    says(() => delivery.body, { headers, ...(anyHeaders === undefined ? {} : { anyHeaders }) });
  const needed = ({ headers, anyHeaders }: Scheme) => ({ headers, anyHeaders });

  test.each([
    ["allOf joins them", allOf(needs(["a", "b"]), needs(["b", "c"])), { headers: ["a", "b", "c"] }],
    [
      "anyOf asks for one set",
      anyOf(needs(["a"]), needs(["b", "c"])),
      { headers: [], anyHeaders: [["a"], ["b", "c"]] },
    ],
    [
      "anyOf asks for what all have in common in any case",
      anyOf(needs(["t", "a"]), needs(["b", "t"])),
      { headers: ["t"], anyHeaders: [["a"], ["b"]] },
    ],
    ["anyOf of the same headers needs just them", anyOf(needs(["a", "t"]), needs(["t", "a"])), { headers: ["a", "t"] }],
    ["a set within another is all that is needed", anyOf(needs(["a"]), needs(["a", "b"])), { headers: ["a"] }],
    ["anyOf with a scheme that needs none needs none", anyOf(needs(["a"]), needs([])), { headers: [] }],
    [
      "anyOf names each set once",
      anyOf(needs(["a", "b"]), needs(["b", "a"]), needs(["c"])),
      { headers: [], anyHeaders: [["b", "a"], ["c"]] },
    ],
    [
      "allOf of two anyOf asks for one set of each",
      allOf(anyOf(needs(["a"]), needs(["b"])), anyOf(needs(["c"]), needs(["d"])), needs(["e"])),
      {
        headers: ["e"],
        anyHeaders: [
          ["a", "c"],
          ["a", "d"],
          ["b", "c"],
          ["b", "d"],
        ],
      },
    ],
    [
      "anyOf of an anyOf asks for one set of all",
      anyOf(needs(["t"], [["a"], ["b"]]), needs(["c", "t"])),
      { headers: ["t"], anyHeaders: [["a"], ["b"], ["c"]] },
    ],
    ["nothing where no scheme needs any", allOf(yes, anyOf(yes, yes)), { headers: [] }],
  ])("%s", (_what, scheme, expected) => {
    expect(needed(scheme)).toEqual({ anyHeaders: undefined, ...expected });
  });

  test("lets a receiver refuse with no byte read, and accept either proof", async () => {
    const place = (header: string) => hmac({ secrets: `the secret of ${header}`, header, encoding: "hex" });
    const receiver = createReceiver({
      provider: shop({ scheme: anyOf(place("x-old"), place("x-new")) }),
      onOutcome: () => {},
    });
    const source = { start: () => expect.unreachable("It was read."), stop: () => {} };
    const json = { "content-type": "application/json" };
    const bare = await receiver.receive(toIncomingDelivery({ headers: json, body: source }));
    expect(bare).toMatchObject({ outcome: "rejected", error: { code: "ERR_SIGNATURE_MISSING" } });
    expect(bare.error?.message).toContain("x-old, or x-new");

    receiver.on("*", () => {});
    for (const header of ["x-old", "x-new"]) {
      const body = Buffer.from(JSON.stringify(orderPaid(header)));
      const signature = createHmac("sha256", `the secret of ${header}`).update(body).digest("hex");
      const incoming = toIncomingDelivery({ headers: { ...json, [header]: signature }, body });
      expect((await receiver.receive(incoming)).outcome).toBe("handled");
    }
  });
});

test("a combination tells the widest tolerance of its schemes, and none where none signs a time", () => {
  const within = (toleranceMs: number): Scheme => says(() => delivery.body, { toleranceMs });
  for (const combine of [allOf, anyOf]) {
    expect(combine(within(5), yes, within(9)).toleranceMs).toBe(9);
    expect(combine(yes, yes)).not.toHaveProperty("toleranceMs");
  }
});

test.each([[[]], [[undefined]], [[yes, undefined]], [[{ headers: [] }]], [[{ verify: () => bytes }]]])(
  "a combination of %j is refused at the start",
  (schemes: readonly unknown[]) => {
    for (const combine of [allOf, anyOf]) {
      // What a program without types hands over.
      const error = thrownBy(() => combine(...(schemes as readonly Scheme[])));
      expect(error).toMatchObject({ name: "ConfigError", code: "ERR_OPTION_INVALID" });
      expect(error.message).toContain(combine.name);
    }
  },
);
