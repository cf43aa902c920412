import { createReceiver } from "@hooklatch/core";
import type { Provider } from "@hooklatch/core";
import { github } from "@hooklatch/providers/github";
import type { GitHubEvents, GitHubEventType, GitHubUnsigned } from "@hooklatch/providers/github";
import type { EmitterWebhookEvent } from "@octokit/webhooks";
import { expectTypeOf, test } from "vitest";

test("github() is a provider of these events", () => {
  expectTypeOf(github).returns.toEqualTypeOf<Provider<GitHubEvents>>();
});

test("an event has the name that is dispatched: with its action, where there is one", () => {
  expectTypeOf<"push" | "ping" | "create" | "issues.opened" | "pull_request.closed">().toExtend<GitHubEventType>();
  // GitHub sends neither without an action; for all actions there is the pattern.
  expectTypeOf<"issues">().not.toExtend<GitHubEventType>();
  expectTypeOf<"pull_request">().not.toExtend<GitHubEventType>();
  expectTypeOf<string>().not.toExtend<GitHubEventType>();
});

test("a payload is the package's, with what is not signed marked as such", () => {
  expectTypeOf<GitHubEvents["push"]>().toExtend<EmitterWebhookEvent<"push">["payload"]>();
  expectTypeOf<GitHubEvents["push"]["unsigned"]>().toEqualTypeOf<GitHubUnsigned>();
  expectTypeOf<GitHubEvents["issues.opened"]["action"]>().toEqualTypeOf<"opened">();
  expectTypeOf<Pick<GitHubUnsigned, "deliveryId">>().toEqualTypeOf<{ readonly deliveryId?: string }>();
});

test("handlers get the payload of the type or of the prefix", () => {
  const receiver = createReceiver({ provider: github({ secrets: "s" }) });
  receiver.on("issues.opened", ({ payload }) => {
    expectTypeOf(payload.issue.title).toBeString();
    expectTypeOf(payload.unsigned.deliveryId).toEqualTypeOf<string | undefined>();
  });
  receiver.on("pull_request.*", ({ payload }) => expectTypeOf(payload.number).toBeNumber());
  receiver.on("repository_dispatch.*", ({ payload }) => expectTypeOf(payload.branch).toBeString());
  receiver.on("repository_dispatch.deploy.now", ({ payload }) => expectTypeOf(payload.branch).toBeString());
  // @ts-expect-error a typing error in an action
  receiver.on("issues.openned", () => {});
});
