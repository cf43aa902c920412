import { expect, test } from "vitest";

import type { Claim } from "../store.ts";
import { refusalOf } from "../test-support/caught.ts";
import { claim } from "./claim.ts";

const event = { id: "evt\n1", type: "order.paid", payload: {} };

const storeThatAnswers = (answer: Claim) => ({
  claim: async () => answer,
});

test.each<Claim>([
  { status: "new", token: "7", attempt: 2 },
  { status: "duplicate", conflict: true },
])("passes on what leaves something to say: %j", async (answer) => {
  expect(await claim(event, "key", 1, storeThatAnswers(answer))).toBe(answer);
});

test("asks for the key with the body's checksum", async () => {
  const asked: unknown[] = [];
  const store = {
    ...storeThatAnswers({ status: "duplicate", conflict: false }),
    claim: async (...args: readonly unknown[]): Promise<Claim> => {
      asked.push(...args);
      return { status: "duplicate", conflict: false };
    },
  };
  await claim(event, "key", -5, store);
  expect(asked).toEqual(["key", -5]);
});

test("refuses an event that is being handled, until its lease ends at the latest", async () => {
  const busy = claim(event, "key", 1, storeThatAnswers({ status: "busy", conflict: false, retryAfterMs: 1234 }));
  await expect(busy).rejects.toMatchObject({ code: "ERR_EVENT_BUSY", status: 503, retryAfterMs: 1234 });
});

test("writes no line break of an id into its message", async () => {
  const busy = async (): Promise<unknown> =>
    claim(event, "key", 1, storeThatAnswers({ status: "busy", conflict: false, retryAfterMs: 1 }));
  expect(await refusalOf(busy)).toBe("ERR_EVENT_BUSY 503");
  await expect(busy()).rejects.toMatchObject({ message: expect.not.stringContaining("\n") });
});
