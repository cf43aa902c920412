import { createHash } from "node:crypto";

import { expect, test } from "vitest";

import { createDescribe } from "./describe.ts";

const login = { event: "STORE_LOGIN_SUCCESSFUL", data: { customer: { username: "Wren" } } };

function describeText(text: string) {
  const delivery = { method: "POST", url: "/", receivedAtMs: 0, body: Buffer.from(text), header: () => undefined };
  const body: Readonly<Record<string, unknown>> = JSON.parse(text);
  return createDescribe(60_000)(body, delivery);
}

test("reads type and payload, and makes an id of the bytes that stands for a while", () => {
  const text = JSON.stringify(login);
  expect(describeText(text)).toEqual({
    id: createHash("sha256").update(text).digest("hex"),
    type: "STORE_LOGIN_SUCCESSFUL",
    payload: login.data,
    keepMs: 60_000,
  });
});

test("gives the same bytes the same id, and any others another", () => {
  const texts = [
    JSON.stringify(login),
    JSON.stringify({ ...login, event: "STORE_LOGIN_PLAYER_BANNED" }),
    JSON.stringify({ ...login, data: {} }),
    `${JSON.stringify(login)} `,
  ];
  const ids = texts.map((text) => describeText(text).id);
  expect(new Set(ids).size).toBe(texts.length);
  expect(texts.map((text) => describeText(text).id)).toEqual(ids);
});

test.each([undefined, null, "text", 1, true, [], [{}]])("refuses %j as data", (data) => {
  expect(() => describeText(JSON.stringify({ ...login, data }))).toThrow(
    expect.objectContaining({ code: "ERR_EVENT_UNREADABLE" }),
  );
});
