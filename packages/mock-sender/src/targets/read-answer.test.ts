import { describe, expect, it } from "vitest";

import { readAnswer, toReply } from "./read-answer.ts";

function read(status: number, body: string) {
  const { outcome, code } = readAnswer({ status, headers: {}, body });
  return { outcome, code };
}

describe("readAnswer", () => {
  it.each(["handled", "duplicate", "ignored"])("reads %s from an accepted reply", (outcome) => {
    expect(read(200, JSON.stringify({ outcome }))).toEqual({ outcome, code: undefined });
  });

  it.each([
    [401, "ERR_SIGNATURE_MISMATCH", "rejected"],
    [500, "ERR_HANDLER_FAILED", "failed"],
    [500, "ERR_PAYLOAD_INVALID", "invalid"],
    [503, "ERR_EVENT_BUSY", "busy"],
    [503, "ERR_STORE_UNAVAILABLE", "unavailable"],
  ])("reads a %d with %s as %s", (status, error, outcome) => {
    expect(read(status, JSON.stringify({ error }))).toEqual({ outcome, code: error });
  });

  it.each([
    [200, "OK"],
    [200, ""],
    [200, "null"],
    [200, '{"outcome":"great"}'],
    [200, '{"outcome":"failed"}'],
    [404, "<h1>Not found</h1>"],
    [500, '{"error":"boom"}'],
    [500, '{"error":"toString"}'],
    [500, '{"outcome":"handled"}'],
  ])("reads nothing from the reply %d %s, which is not one of ours", (status, body) => {
    expect(read(status, body)).toEqual({ outcome: undefined, code: undefined });
  });
});

describe("toReply", () => {
  it("has the status, the headers in lower case and the text", async () => {
    const response = new Response("hello", { status: 418, headers: { "X-Teapot": "yes" } });
    expect(await toReply(response)).toMatchObject({ status: 418, headers: { "x-teapot": "yes" }, body: "hello" });
  });
});
