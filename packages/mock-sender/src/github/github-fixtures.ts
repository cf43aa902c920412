import type { GitHubEvents, GitHubEventType, GitHubUnsigned } from "@hooklatch/providers/github";

import type { MockMoment } from "../mock-platform.ts";
import { githubBodies } from "./github-bodies.ts";
import { owner, repository } from "./lamp-repository.ts";

/** The events with a fixture of their own. */
export const githubFixtureTypes = [
  "ping",
  "push",
  "issues.opened",
  "issue_comment.created",
  "pull_request.opened",
  "pull_request.closed",
  "release.published",
  "workflow_run.completed",
  "installation.created",
  "star.created",
] as const satisfies readonly GitHubEventType[];

/** A delivery of GitHub: of the body the fields that handlers read most, and the headers under `unsigned`. */
export function githubFixture<Type extends GitHubEventType>(type: Type, moment: MockMoment): GitHubEvents[Type];
// What is left out of a body is what a handler can be given by an override.
export function githubFixture(type: string, moment: MockMoment): object {
  const dot = type.indexOf(".");
  const event = dot === -1 ? type : type.slice(0, dot);
  const action = dot === -1 ? {} : { action: type.slice(dot + 1) };
  const body = githubBodies.get(type)?.(moment) ?? {
    [event]: { id: moment.sequence, created_at: new Date(moment.atMs).toISOString() },
    repository: repository(moment),
    sender: owner,
  };
  return { ...action, ...body, unsigned: unsignedOf(event, moment) };
}

function unsignedOf(event: string, moment: MockMoment): GitHubUnsigned {
  return {
    event,
    deliveryId: moment.uuid("delivery"),
    hookId: "412345678",
    targetType: "repository",
    targetId: "702468135",
  };
}
