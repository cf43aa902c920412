import { describe, expect, test } from "vitest";

import { BackendError, ConfigError, HandlerError, RejectedError, errorCodes } from "../errors.ts";
import type { ErrorCode, WebhookError } from "../errors.ts";
import { replyTo, replyToError } from "./reply.ts";

const secret = "a secret, the payload, a stack";

/** An error of a code, in the class of its family. */
function errorOf(code: ErrorCode, retryAfterMs?: number): WebhookError {
  const classes = { config: ConfigError, rejected: RejectedError, handler: HandlerError, backend: BackendError };
  const ErrorClass = classes[errorCodes[code].family];
  const details = { help: secret, cause: new Error(secret), ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  return new ErrorClass(code as never, secret, details); // the row's family says that the class takes this code
}

// An object with string keys has exactly the keys that are its type's.
const codes = Object.keys(errorCodes) as ErrorCode[];

describe("an accepted delivery", () => {
  test.each(["handled", "duplicate", "ignored"] as const)("that was %s is answered 200", (outcome) => {
    const { status, headers, body } = replyTo(outcome);
    expect({ status, headers }).toEqual({ status: 200, headers: { "content-type": "application/json" } });
    expect(JSON.parse(body)).toEqual({ outcome });
  });
});

describe("an error", () => {
  test.each(codes)("%s tells the sender its code and nothing else", (code) => {
    const { status, headers, body } = replyToError(errorOf(code));
    expect(status).toBe(errorCodes[code].status);
    expect(JSON.parse(body)).toEqual({ error: code });
    expect(body + JSON.stringify(headers)).not.toContain("secret");
  });

  test("is never a success, and never 410, which makes platforms give up an endpoint", () => {
    const statuses = codes.map((code) => replyToError(errorOf(code)).status);
    expect(statuses.filter((status) => status < 400 || status === 410)).toEqual([]);
  });

  test.each(codes)("%s says when to try again if and only if it passes by itself", (code) => {
    const retryAfter = replyToError(errorOf(code)).headers["retry-after"];
    expect(retryAfter).toBe(errorCodes[code].family === "backend" ? "5" : undefined);
  });

  test.each([
    [1, "1"],
    [0, "1"],
    [-9, "1"],
    [1000, "1"],
    [1001, "2"],
    [59_999, "60"],
  ])("with %i ms to wait says %s s", (retryAfterMs, seconds) => {
    expect(replyToError(errorOf("ERR_EVENT_BUSY", retryAfterMs)).headers["retry-after"]).toBe(seconds);
  });

  test("about the method names the one that is allowed", () => {
    expect(replyToError(errorOf("ERR_METHOD_NOT_ALLOWED")).headers["allow"]).toBe("POST");
  });

  test("does not change the next one's headers", () => {
    replyToError(errorOf("ERR_METHOD_NOT_ALLOWED"));
    expect(replyToError(errorOf("ERR_SIGNATURE_MISMATCH")).headers).toEqual({ "content-type": "application/json" });
  });
});
