import { expect, test } from "vitest";

import type { Diagnosis, DiagnosisCause } from "../../diagnosis.ts";
import { toDelivery, toIncomingDelivery } from "../../incoming-delivery.ts";
import type { Scheme } from "../../scheme.ts";
import { nowMs, refusedDelivery, secretPlatform } from "../../test-support/refused-messages.ts";
import { allOf, anyOf } from "../combine.ts";

const delivery = refusedDelivery("{}", "ab");

function saying(cause: DiagnosisCause | undefined): Scheme {
  const answer: Diagnosis | undefined = cause === undefined ? undefined : { cause, message: cause };
  return { headers: [], verify: () => delivery.body, explain: async () => answer };
}

test.each([
  [["unknown", "header-renamed", "body-bom"], "body-bom"],
  [["header-renamed", "timestamp-format", "unknown"], "timestamp-format"],
  [[undefined, "unknown", "header-renamed"], "header-renamed"],
  [["other-key", "body-bom"], "other-key"],
  [[undefined, undefined], undefined],
] as const)("of %j the most telling answer wins: %s", async (causes, best) => {
  for (const combine of [anyOf, allOf]) {
    const diagnosis = await combine(...causes.map(saying)).explain?.(delivery, nowMs);
    expect(diagnosis?.cause).toBe(best);
  }
});

test("a member that throws, at once or later, does not keep the others from answering", async () => {
  const thrower: Scheme = {
    ...saying(undefined),
    explain: () => {
      throw new Error("odd");
    },
  };
  const rejecter: Scheme = { ...saying(undefined), explain: () => Promise.reject(new Error("odd")) };
  const diagnosis = await anyOf(thrower, rejecter, saying("body-bom")).explain?.(delivery, nowMs);
  expect(diagnosis?.cause).toBe("body-bom");
});

test("a header that came twice keeps nobody from answering", async () => {
  const incoming = toIncomingDelivery({ headers: { "x-sig": ["ab", "cd"] }, body: delivery.body });
  const twice = toDelivery(incoming, delivery.body, nowMs);
  const needy: Scheme = { ...saying("body-bom"), headers: ["x-sig"] };
  expect(await anyOf(needy).explain?.(twice, nowMs)).toMatchObject({ cause: "body-bom" });
});

test("members that cannot explain leave the word to those that can", async () => {
  const mute: Scheme = { headers: [], verify: () => delivery.body };
  const { scheme, sign } = secretPlatform("the platform's own secret");
  const changed = refusedDelivery("{}\n", sign("{}").toString("hex"));
  expect(await allOf(mute, scheme()).explain?.(changed, nowMs)).toMatchObject({ cause: "body-line-endings" });
  expect(allOf(mute)).not.toHaveProperty("explain");
});
