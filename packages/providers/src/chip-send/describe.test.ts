import { createHash } from "node:crypto";

import type { EventDescription } from "@hooklatch/core";
import { RejectedError } from "@hooklatch/core/errors";
import { describe as group, expect, test } from "vitest";

import { describe } from "./describe.ts";
import { chipSendEventTypes } from "./events.ts";

const updated_at = "2027-03-01T10:20:30.456Z";
const account = { id: 501, status: "verified", account_number: "0000111122", bank_code: "MBBEMYKL", updated_at };
const instruction = { id: 502, state: "completed", bank_account_id: 501, amount: "12.50", updated_at };
const allocation = { id: 503, status: "approved", transaction_type: "in", approvals_required: 1, updated_at };
const unknown = { id: 504, statement: "March" };

const kinds = [
  ["bank_account_status", account, "501/verified"],
  ["send_instruction_status", instruction, "502/completed"],
  ["budget_allocation_status", allocation, "503/approved"],
] as const;

type Body = Readonly<Record<string, unknown>>;

function describeBody(body: Body, eventType?: string, text = JSON.stringify(body)): EventDescription {
  const header = (name: string) => (name === "event-type" ? eventType : undefined);
  return describe(body, { method: "POST", url: "/", receivedAtMs: 0, body: Buffer.from(text), header });
}

function codeOf(body: Body, eventType?: string): string {
  try {
    describeBody(body, eventType);
  } catch (error) {
    return error instanceof RejectedError ? error.code : String(error);
  }
  return "none";
}

const hashOf = (body: Body) => `sha256:${createHash("sha256").update(JSON.stringify(body)).digest("hex")}`;

group.each(kinds)("%s", (type, body, key) => {
  test("is read off the signed body, with its id, time and payload", () => {
    const expected = {
      id: `${type}/${key}/2027-03-01T10%3A20%3A30.456Z`,
      type,
      payload: body,
      occurredAtMs: Date.UTC(2027, 2, 1, 10, 20, 30, 456),
    };
    expect(describeBody(body, type)).toEqual(expected);
    expect(describeBody(body)).toEqual(expected);
  });

  test.each([...chipSendEventTypes.filter((other) => other !== type), "statement_ready", "", " ", type.toUpperCase()])(
    "is refused when the unsigned header says %j",
    (other) => expect(codeOf(body, other)).toBe("ERR_EVENT_TYPE_INVALID"),
  );

  test("is no other event because a field of another kind is nested in it", () => {
    const nested = { ...body, details: { state: "x", transaction_type: "in", account_number: "1" } };
    expect(describeBody(nested, type).type).toBe(type);
  });

  test("has another id after every change, and the same one in a redelivery", () => {
    const word = type === "send_instruction_status" ? "state" : "status";
    const bodies = [body, { ...body, [word]: "rejected" }, { ...body, updated_at: "2027-03-02" }, { ...body, id: 9 }];
    const ids = bodies.map((each) => describeBody(each).id);
    expect(new Set(ids).size).toBe(4);
    expect(bodies.map((each) => describeBody(structuredClone(each)).id)).toEqual(ids);
  });

  test.each([undefined, null, "", 1_789_000_000, "a\ud800"])("has the body in its id when updated_at is %j", (time) => {
    const timeless = { ...body, updated_at: time };
    expect(describeBody(timeless).id).toBe(`${type}/${body.id}/${hashOf(timeless)}`);
  });

  test.each([undefined, null, "", {}, 1.5])("is refused when its id is %j", (id) => {
    expect(codeOf({ ...body, id })).toBe("ERR_EVENT_ID_INVALID");
  });
});

test("keeps all digits of a large id", () => {
  const text = JSON.stringify(account).replace("501", "9007199254740993");
  // What core's parser makes of it: the number is rounded.
  const parsed: Body = { ...account, id: 2 ** 53 };
  expect(describeBody(parsed, undefined, text).id).toMatch(/^bank_account_status\/9007199254740993\//);
});

test("makes no two events share an id by slashes inside their fields", () => {
  const idOf = (id: string, status: string) => describeBody({ ...account, id, status }).id;
  expect(new Set([idOf("a/b", "c"), idOf("a", "b/c"), idOf("a%2Fb", "c")]).size).toBe(3);
});

group("an event that is newer than the map", () => {
  test("has the type that the header says, and the body alone in its id", () => {
    expect(describeBody(unknown, "statement_ready")).toEqual({
      id: hashOf(unknown),
      type: "statement_ready",
      payload: unknown,
    });
    expect(describeBody(unknown, "relabelled").id).toBe(hashOf(unknown));
  });

  test.each([
    undefined,
    "",
    " ",
    "statement_ready ",
    "statement ready",
    "statement\nready",
    "*",
    "a".repeat(101),
    "выписка",
    ...chipSendEventTypes,
    ...chipSendEventTypes.map((type) => type.toUpperCase()),
    ...chipSendEventTypes.map((type) => ` ${type}`),
  ])("is refused when the header says %j", (eventType) => {
    expect(codeOf(unknown, eventType)).toBe("ERR_EVENT_TYPE_INVALID");
  });
});
