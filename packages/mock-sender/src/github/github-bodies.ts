import { createHash } from "node:crypto";

import type { GitHubEvents } from "@hooklatch/providers/github";

import type { DeepPartial } from "../deep-partial.ts";
import type { MockMoment } from "../mock-platform.ts";
import { isoOf, owner, repository } from "./lamp-repository.ts";

/** The signed body of an event without its action, by the event's type. */
export const githubBodies: ReadonlyMap<string, (moment: MockMoment) => object> = new Map<
  string,
  (moment: MockMoment) => object
>([
  ["ping", ping],
  ["push", push],
  ["issues.opened", (moment) => ({ ...around(moment), issue: issue(moment) })],
  ["issue_comment.created", issueComment],
  ["pull_request.opened", pullRequest],
  ["pull_request.closed", mergedPullRequest],
  ["release.published", release],
  ["workflow_run.completed", workflowRun],
  ["installation.created", installation],
  ["star.created", (moment) => ({ ...around(moment), starred_at: isoOf(moment.atMs) })],
]);

type BodyOf<Type extends keyof GitHubEvents> = Omit<DeepPartial<GitHubEvents[Type]>, "unsigned">;

const web = "https://github.com/hana-lim-example/lamp-shop";

const around = (moment: MockMoment) => ({ repository: repository(moment), sender: owner });
const idOf = ({ atMs, sequence }: MockMoment): number => 2_000_000_000 + (atMs % 100_000_000) * 10 + sequence;
const shaOf = (moment: MockMoment, label: string): string =>
  createHash("sha1").update(moment.uuid(label)).digest("hex");

function ping(moment: MockMoment): BodyOf<"ping"> {
  return {
    zen: "Keep it logically awesome.",
    hook_id: 412_345_678,
    hook: {
      type: "Repository",
      id: 412_345_678,
      name: "web",
      active: true,
      events: ["push", "issues"],
      config: { content_type: "json", insecure_ssl: "0", url: "https://shop.example.com/webhooks/github" },
      created_at: isoOf(moment.atMs),
      updated_at: isoOf(moment.atMs),
    },
    ...around(moment),
  };
}

function push(moment: MockMoment): BodyOf<"push"> {
  const after = shaOf(moment, "after");
  const before = shaOf(moment, "before");
  const author = { name: "Hana Lim", email: "hana.lim@example.com", username: owner.login };
  const commit = {
    id: after,
    tree_id: shaOf(moment, "tree"),
    distinct: true,
    message: "Let the lamp & the shade match",
    timestamp: isoOf(moment.atMs),
    url: `${web}/commit/${after}`,
    author,
    committer: author,
    added: ["src/shade.ts"],
    removed: [],
    modified: ["README.md"],
  };
  return {
    ref: "refs/heads/main",
    before,
    after,
    created: false,
    deleted: false,
    forced: false,
    base_ref: null,
    compare: `${web}/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`,
    commits: [commit],
    head_commit: commit,
    pusher: { name: owner.login, email: author.email },
    repository: { ...repository(moment), created_at: 1_767_600_000 },
    sender: owner,
  };
}

function issue(moment: MockMoment) {
  const number = 40 + moment.sequence;
  return {
    id: idOf(moment),
    number,
    title: "The lamp flickers",
    body: "It does so when the door shuts.\r\nSince Tuesday.",
    state: "open" as const,
    html_url: `${web}/issues/${number}`,
    user: owner,
    labels: [],
    assignees: [],
    comments: 0,
    created_at: isoOf(moment.atMs),
    updated_at: isoOf(moment.atMs),
    closed_at: null,
  };
}

function issueComment(moment: MockMoment): BodyOf<"issue_comment.created"> {
  return {
    ...around(moment),
    issue: issue(moment),
    comment: {
      id: idOf(moment) + 1,
      body: "Mine too ✨",
      html_url: `${web}/issues/${40 + moment.sequence}#issuecomment-${idOf(moment) + 1}`,
      user: owner,
      created_at: isoOf(moment.atMs),
      updated_at: isoOf(moment.atMs),
      author_association: "OWNER",
    },
  };
}

function pullRequest(moment: MockMoment): BodyOf<"pull_request.opened"> {
  const number = 60 + moment.sequence;
  return {
    ...around(moment),
    number,
    pull_request: {
      id: idOf(moment),
      number,
      title: "A warmer light",
      body: null,
      state: "open",
      draft: false,
      merged: false,
      html_url: `${web}/pull/${number}`,
      user: owner,
      head: { ref: "warmer", sha: shaOf(moment, "head") },
      base: { ref: "main", sha: shaOf(moment, "base") },
      additions: 12,
      deletions: 4,
      changed_files: 2,
      created_at: isoOf(moment.atMs),
      updated_at: isoOf(moment.atMs),
    },
  };
}

function mergedPullRequest(moment: MockMoment): object {
  const body = pullRequest(moment);
  const merged = {
    state: "closed",
    merged: true,
    merged_at: isoOf(moment.atMs),
    closed_at: isoOf(moment.atMs),
    merge_commit_sha: shaOf(moment, "merge"),
    merged_by: owner,
  };
  return { ...body, pull_request: { ...body.pull_request, ...merged } };
}

function release(moment: MockMoment): BodyOf<"release.published"> {
  const tag = `v1.${moment.sequence}.0`;
  return {
    ...around(moment),
    release: {
      id: idOf(moment),
      tag_name: tag,
      target_commitish: "main",
      name: `Lamp ${tag}`,
      body: "Brighter by a third.",
      draft: false,
      prerelease: false,
      html_url: `${web}/releases/tag/${tag}`,
      author: owner,
      assets: [],
      created_at: isoOf(moment.atMs - 60_000),
      published_at: isoOf(moment.atMs),
    },
  };
}

function workflowRun(moment: MockMoment): BodyOf<"workflow_run.completed"> {
  return {
    ...around(moment),
    workflow: { id: 5_511_223, name: "check", path: ".github/workflows/check.yml", state: "active" },
    workflow_run: {
      id: idOf(moment),
      name: "check",
      event: "push",
      status: "completed",
      conclusion: "success",
      head_branch: "main",
      head_sha: shaOf(moment, "head"),
      run_number: 200 + moment.sequence,
      run_attempt: 1,
      html_url: `${web}/actions/runs/${idOf(moment)}`,
      created_at: isoOf(moment.atMs - 90_000),
      updated_at: isoOf(moment.atMs),
    },
  };
}

function installation(moment: MockMoment): BodyOf<"installation.created"> {
  return {
    installation: {
      id: idOf(moment),
      account: owner,
      app_id: 330_011,
      app_slug: "lamp-keeper",
      repository_selection: "selected",
      permissions: { issues: "write", metadata: "read" },
      events: ["issues"],
      created_at: isoOf(moment.atMs),
      updated_at: isoOf(moment.atMs),
    },
    repositories: [
      {
        id: 702_468_135,
        node_id: "R_kgDOKd7tZw",
        name: "lamp-shop",
        full_name: "hana-lim-example/lamp-shop",
        private: false,
      },
    ],
    sender: owner,
  };
}
