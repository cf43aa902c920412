import { describe, expect, test } from "vitest";

import { BackendError, RejectedError } from "../errors.ts";
import { toDelivery } from "../incoming-delivery.ts";
import type { Scheme } from "../scheme.ts";
import { refusalOf } from "../test-support/caught.ts";
import { shopDelivery } from "../test-support/test-provider.ts";
import { verify } from "./verify.ts";

const body = Buffer.from("{}");
const delivery = toDelivery(shopDelivery(body), body, 0);

/** A scheme of which nothing is known, as a third party may write it. */
const schemeOf = (verifyIt: () => unknown): Scheme => ({
  headers: [],
  verify: verifyIt as Scheme["verify"], // lies are what this is about
});

test("lets pass what the scheme proves, at once without a promise", async () => {
  expect(
    verify(
      delivery,
      schemeOf(() => delivery.body),
      0,
    ),
  ).toBeUndefined();
  expect(
    await refusalOf(() =>
      verify(
        delivery,
        schemeOf(async () => delivery.body),
        0,
      ),
    ),
  ).toBe("nothing");
});

test("hands the scheme the delivery and the time", () => {
  const seen: unknown[] = [];
  const scheme: Scheme = {
    headers: [],
    verify(...args) {
      seen.push(...args);
      return delivery.body;
    },
  };
  void verify(delivery, scheme, 77);
  expect(seen).toEqual([delivery, 77]);
});

describe("whatever is not a clear yes is a no:", () => {
  test.each([
    ["nothing", () => {}],
    ["true", () => true],
    ["a one", () => 1],
    ["an object", () => ({ verified: true })],
    ["a copy of the bytes", () => Buffer.from(body)],
    ["the delivery", () => delivery],
    ["a promise of nothing", async () => {}],
    ["a promise of true", async () => true],
    ["a promise of a copy of the bytes", async () => Uint8Array.from(body)],
    [
      "a string thrown",
      () => {
        throw "no";
      },
    ],
    [
      "undefined thrown",
      () => {
        throw undefined;
      },
    ],
    [
      "an error of another kind",
      () => {
        throw new TypeError("key");
      },
    ],
    ["an error of another kind, later", () => Promise.reject(new TypeError("key"))],
    ["a rejection with nothing", () => Promise.reject()],
    [
      "a thenable that throws",
      () => ({
        then() {
          throw new Error("odd");
        },
      }),
    ],
  ])("%s", async (_what, answer) => {
    expect(await refusalOf(() => verify(delivery, schemeOf(answer), 0))).toBe("ERR_SCHEME_FAULTY 401");
  });
});

test.each([
  ["a refusal", new RejectedError("ERR_TIMESTAMP_STALE", "Old."), "ERR_TIMESTAMP_STALE 401"],
  ["a key source that is away", new BackendError("ERR_KEY_SOURCE_EMPTY", "None."), "ERR_KEY_SOURCE_EMPTY 503"],
])("passes %s on as it is, at once and later", async (_what, error, refusal) => {
  const atOnce = schemeOf(() => {
    throw error;
  });
  expect(await refusalOf(() => verify(delivery, atOnce, 0))).toBe(refusal);
  expect(
    await refusalOf(() =>
      verify(
        delivery,
        schemeOf(() => Promise.reject(error)),
        0,
      ),
    ),
  ).toBe(refusal);
});

test("keeps the message of an odd error to itself: it may quote a key", async () => {
  const scheme = schemeOf(() => Promise.reject(new TypeError("bad key: s3cr3t")));
  const refused = Promise.resolve(verify(delivery, scheme, 0));
  await expect(refused).rejects.toSatisfy((error: Error) => {
    const cause = error.cause;
    return cause instanceof Error && cause.message.includes("TypeError") && !String(cause.stack).includes("s3cr3t");
  });
});
