import { describe, expect, test } from "vitest";

import { BackendError, ConfigError, errorCodes, HandlerError, RejectedError, WebhookError } from "./errors.ts";

const families = [
  ["ConfigError", new ConfigError("ERR_OPTION_INVALID", "Bad."), 500],
  ["RejectedError", new RejectedError("ERR_BODY_TOO_LARGE", "Large."), 413],
  ["HandlerError", new HandlerError("ERR_HANDLER_FAILED", "Failed."), 500],
  ["BackendError", new BackendError("ERR_STORE_UNAVAILABLE", "Away."), 503],
] as const;

describe.each(families)("%s", (name, error, status) => {
  test("is an error of its own family and of all of them", () => {
    expect(error).toBeInstanceOf(Error);
    expect(error).toBeInstanceOf(WebhookError);
    expect(families.filter(([, other]) => error instanceof other.constructor)).toHaveLength(1);
  });

  test("says its name, its code's status and the address of its page", () => {
    expect(error).toMatchObject({ name, status });
    expect(error.help).toMatch(new RegExp(`^See https://\\S+/docs/errors/${error.code}\\.md$`));
    expect(String(error)).toBe(`${name}: ${error.message}`);
    expect(error.stack).toContain("errors.test.ts");
  });

  test("has no cause and no time to wait unless it is given one", () => {
    expect(error).not.toHaveProperty("cause");
    expect(error).not.toHaveProperty("retryAfterMs");
  });
});

test("an error keeps its help, its cause and its time to wait", () => {
  const cause = new Error("below");
  const error = new BackendError("ERR_EVENT_BUSY", "Busy.", { help: "Wait.", cause, retryAfterMs: 0 });
  expect(error).toMatchObject({ cause, retryAfterMs: 0 });
  expect(error.help).toMatch(/^Wait\. See .*ERR_EVENT_BUSY\.md$/);
});

describe("the table of codes", () => {
  const rows = Object.entries(errorCodes);

  test.each(rows)("%s has an outcome and a status that fit its family", (_code, { family, outcome, status }) => {
    const fitting = {
      config: { outcomes: ["failed"], statuses: [500] },
      rejected: { outcomes: ["rejected"], statuses: [400, 401, 405, 408, 413, 415] },
      handler: { outcomes: ["failed", "invalid"], statuses: [500] },
      backend: { outcomes: ["unavailable", "busy"], statuses: [503] },
    }[family];
    expect(fitting.outcomes).toContain(outcome);
    expect(fitting.statuses).toContain(status);
  });

  test("answers everything about a signature alike, so that a forger learns nothing", () => {
    const about = rows.filter(([code]) => /SIGNATURE|TIMESTAMP|SCHEME/.test(code));
    expect(new Set(about.map(([, { status }]) => status))).toEqual(new Set([401]));
  });
});
