import { describe, expect, test } from "vitest";

import { parseJson } from "./body/json.ts";
import { toDelivery, toIncomingDelivery } from "./incoming-delivery.ts";
import type { BodyObject } from "./provider.ts";
import { readId, readIdAt, toId } from "./read-id.ts";
import { refusalOf, thrownBy } from "./test-support/caught.ts";

/** The id of a body that comes as this text. */
function idIn(text: string, field = "id"): string {
  const bytes = Buffer.from(text);
  const delivery = toDelivery(toIncomingDelivery({ headers: {}, body: bytes }), bytes, 0);
  // The texts below are all objects.
  return readId(parseJson(text.replace(/^\uFEFF/, "")) as BodyObject, field, delivery);
}

describe("an id", () => {
  test.each([
    ['{"id":"evt_1"}', "evt_1"],
    ['{"id":" evt "}', " evt "],
    ['{"id":7}', "7"],
    ['{"id":0}', "0"],
    ['{"id":-7}', "-7"],
    ['{"id":7.0}', "7"],
    ['{"id":9007199254740991}', "9007199254740991"],
    ['{"id":"漢\\ud83d\\ude00"}', "漢😀"],
  ])("in %s is %s", (text, expected) => {
    expect(idIn(text)).toBe(expected);
  });

  test("past 2^53 keeps all its digits, so that two stay two", () => {
    const ids = ["9007199254740992", "9007199254740993", "-9007199254740993", "123456789012345678901234567890"];
    expect(ids.map((digits) => idIn(`{"a":1,"id": ${digits} ,"b":2}`))).toEqual(ids);
  });

  test.each([
    '{"a":{"id":5},"id":9007199254740993}',
    '{"id":9007199254740993,"a":{"id":5}}',
    '{"a":[{"id":9007199254740995}],"id":9007199254740993,"z":[{"b":{"id":9007199254740997}}]}',
    '{"note":"\\"id\\":1","id":9007199254740993}',
    '{"id":1,"id":9007199254740993}',
    '{"i\\u0064":9007199254740993}',
    '{"__proto__":{"id":1},"id":9007199254740993}',
    '\uFEFF{"id":9007199254740993}',
  ])("past 2^53 is the one at the top of %s", (text) => {
    expect(idIn(text)).toBe("9007199254740993");
  });

  test("of a repeated field is the last, as in the parsed body", () => {
    expect(idIn('{"id":9007199254740993,"id":"x"}')).toBe("x");
    expect(idIn('{"id":9007199254740993,"id":7}')).toBe("7");
  });

  test("stands in the field that is asked for", () => {
    expect(idIn('{"id":1,"event":9007199254740993}', "event")).toBe("9007199254740993");
    expect(idIn('{"toString":"x"}', "toString")).toBe("x");
  });

  test.each([
    "{}",
    '{"id":null}',
    '{"id":""}',
    '{"id":"  "}',
    '{"id":true}',
    '{"id":1.5}',
    '{"id":1e300}',
    '{"id":9007199254740993.0}',
    '{"id":9.007199254740993e15}',
    '{"id":[1]}',
    '{"id":{"id":9007199254740993}}',
    '{"id":"\\ud83d"}',
    '{"a":{"id":"evt_1"}}',
  ])("is refused in %s", async (text) => {
    expect(await refusalOf(() => idIn(text))).toBe("ERR_EVENT_ID_INVALID 400");
  });

  test.each(["toString", "constructor", "__proto__", "hasOwnProperty"])("is not inherited as %s", async (field) => {
    expect(await refusalOf(() => idIn('{"id":1}', field))).toBe("ERR_EVENT_ID_INVALID 400");
  });
});

describe("an id at a path", () => {
  function idAt(text: string, path: string): string {
    const bytes = Buffer.from(text);
    const delivery = toDelivery(toIncomingDelivery({ headers: {}, body: bytes }), bytes, 0);
    // The texts below are all objects.
    return readIdAt(parseJson(text) as BodyObject, path.split("."), delivery);
  }

  test.each([
    ['{"data":{"id":"a"},"id":"b"}', "data.id", "a"],
    ['{"data":{"order":{"no":7}}}', "data.order.no", "7"],
    ['{"items":[{"id":"a"},{"id":"b"}]}', "items.1.id", "b"],
    ['{"id":1,"data":{"id":9007199254740993,"x":{"id":2}}}', "data.id", "9007199254740993"],
    ['{"data":{"id":9007199254740993},"other":{"id":9007199254740995}}', "other.id", "9007199254740995"],
    ['{"data":{"id":1},"data":{"id":9007199254740993}}', "data.id", "9007199254740993"],
    ['{"items":[9007199254740993,9007199254740995]}', "items.1", "9007199254740995"],
  ])("in %s at %s is %s", (text, path, expected) => {
    expect(idAt(text, path)).toBe(expected);
  });

  test.each([
    ['{"data":{}}', "data.id"],
    ['{"data":null}', "data.id"],
    ['{"data":"text"}', "data.length"],
    ['{"data":[1]}', "data.length.x"],
    ['{"data":{"id":{"a":1}}}', "data.id"],
    ['{"data":{}}', "data.constructor.name"],
    ['{"data":{"id":9007199254740993.5}}', "data.id"],
    ['{"data.id":"a"}', "data.id"],
  ])("is refused in %s at %s, with the path in the message", async (text, path) => {
    expect(await refusalOf(() => idAt(text, path))).toBe("ERR_EVENT_ID_INVALID 400");
    expect(thrownBy(() => idAt(text, path)).message).toContain(path);
  });
});

test("takes strings, safe integers and bigints for an id", () => {
  expect([toId("a", "id"), toId(7, "id"), toId(2n ** 64n, "id")]).toEqual(["a", "7", "18446744073709551616"]);
});

test("names the field, and what is wrong without quoting it", () => {
  expect(thrownBy(() => toId(undefined, "event_id")).message).toContain("event_id is missing");
  expect(thrownBy(() => toId("", "id")).message).toContain("id is empty");
  expect(thrownBy(() => toId({ card: "4111" }, "id")).message).not.toContain("4111");
});
