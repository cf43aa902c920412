import { describe, expect, it } from "vitest";

import { NoReplyError } from "./no-reply-error.ts";

const url = "http://localhost:3000/webhooks/chip";

describe("NoReplyError", () => {
  it.each([
    [{ message: "fetch failed", cause: { code: "ECONNREFUSED", message: "" } }, "ECONNREFUSED"],
    [{ message: "fetch failed", cause: { message: "bad port" } }, "bad port"],
    [{ message: "fetch failed", cause: { code: 7, message: "" } }, "fetch failed"],
    [{ message: "fetch failed" }, "fetch failed"],
    ["hung up", "hung up"],
    [null, "for no known reason"],
  ])("names the address and the innermost reason (%#)", (cause, reason) => {
    const error = new NoReplyError(url, cause);
    expect(error.message).toBe(`No reply from ${url}: ${reason}.`);
    expect(error.cause).toBe(cause);
  });
});
