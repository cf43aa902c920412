import type { BodyObject, Delivery } from "@hooklatch/core";
import { RejectedError } from "@hooklatch/core/errors";
import { describe, expect, test } from "vitest";

import { readEventName } from "./event-name.ts";
import { eventShapes } from "./event-shapes.ts";

function nameOf(body: BodyObject, event: string | undefined): string {
  const delivery: Delivery = {
    method: "POST",
    url: "/",
    receivedAtMs: 0,
    body: new Uint8Array(),
    header: (name) => (name === "x-github-event" ? event : undefined),
  };
  try {
    return readEventName(body, delivery);
  } catch (error) {
    return error instanceof RejectedError ? error.code : String(error);
  }
}

const refused = "ERR_EVENT_TYPE_INVALID";
const around = { repository: { id: 1 }, organization: { id: 2 }, sender: { id: 3 }, installation: { id: 4 } };

/** The least that a body of an event has. */
function bodyOf(paths: readonly string[]): BodyObject {
  const body: Record<string, unknown> = {};
  for (const path of paths) {
    const [field = "", inner] = path.split(".");
    body[field] = inner === undefined ? {} : { [inner]: {} };
  }
  return body;
}

const shapes = Object.entries(eventShapes);

describe.each(shapes)("%s", (name, shape) => {
  const least = bodyOf(shape.has);

  test("is taken for itself, with and without the fields that it may have", () => {
    expect(nameOf(least, name)).toBe(name);
    const most = "may" in shape ? { ...bodyOf(shape.may), ...least } : least;
    expect(nameOf(most, name)).toBe(name);
    if (name !== "organization") expect(nameOf({ ...around, ...most }, name)).toBe(name);
  });

  test("needs each of its fields", () => {
    for (const path of shape.has) {
      expect(nameOf(bodyOf(shape.has.filter((other) => other !== path)), name)).toBe(refused);
    }
  });
});

test("a body by which an event is known passes under no name that is not known", () => {
  const passes: string[] = [];
  for (const [name, { has, ...rest }] of shapes) {
    // These are known by nothing that an event of another name may not have.
    if (has.every((path) => path === "repository" || path === "organization")) continue;
    const body = { ...around, ...("may" in rest ? bodyOf(rest.may) : {}), ...bodyOf(has) };
    if (nameOf(body, "anything_else") !== refused) passes.push(name);
  }
  expect(passes).toEqual([]);
});

test("a body with no more than almost every event has passes under a name that is not known", () => {
  expect(nameOf({ action: "lit", ...around }, "lamps")).toBe("lamps");
});

/** Names between which the fields cannot tell. What they carry is told by the action, if at all. */
const alike = (name: string): string => {
  if (["public", "repository"].includes(name)) return "repository";
  if (["team", "team_add"].includes(name)) return "team";
  return ["secret_scanning_alert", "repository_vulnerability_alert"].includes(name) ? "alert" : name;
};

test("an event with fields of its own passes for no other that has some", () => {
  const passes: string[] = [];
  for (const [name, { has, ...rest }] of shapes) {
    if (has.length === 0) continue;
    const { repository, ...others } = around;
    const ambient = "not" in rest ? others : { repository, ...others };
    const body = { ...ambient, ...("may" in rest ? bodyOf(rest.may) : {}), ...bodyOf(has) };
    for (const [other, shape] of shapes) {
      if (shape.has.length === 0 || alike(other) === alike(name)) continue;
      if (nameOf(body, other) === other) passes.push(`${name} as ${other}`);
    }
  }
  expect(passes).toEqual([]);
});

test.each([
  ["a comment on an issue", { action: "deleted", issue: {}, comment: {} }, "issues"],
  ["an issue", { action: "deleted", issue: {} }, "issue_comment"],
  ["a review", { action: "edited", pull_request: {}, review: {} }, "pull_request"],
  ["a deleted label", { action: "deleted", label: {}, installation: { id: 1 } }, "installation"],
  ["a deleted repository", { action: "deleted", repository: {}, organization: {} }, "organization"],
  ["a new branch", { ref: "main", ref_type: "branch", master_branch: "main" }, "delete"],
  ["a push", { ref: "refs/heads/main", commits: [], pusher: {}, repository: {} }, "public"],
  ["repositories taken from an app", { repositories_added: [], installation: { account: {} } }, "installation"],
])("%s cannot be sent again as %3$s", (_what, body, other) => {
  expect(nameOf(body, other)).toBe(refused);
});

test("a name that is newer than the list is taken as it is", () => {
  expect(nameOf({ action: "lit", lamp: {} }, "lamps")).toBe("lamps");
});

test.each([undefined, "", "issues.opened", "Issues", "push ", "push\n", "*", "a".repeat(101), "пуш"])(
  "refuses a header that is no name: %j",
  (event) => {
    expect(nameOf({}, event)).toBe(refused);
  },
);

test.each(["constructor", "__proto__", "tostring", "hasownproperty"])("knows no event named %s", (event) => {
  expect(nameOf({}, event)).toBe(event);
});

test("looks at own fields only", () => {
  const body: Record<string, unknown> = {};
  Object.setPrototypeOf(body, { issue: {} });
  expect(nameOf(body, "issues")).toBe(refused);
});
