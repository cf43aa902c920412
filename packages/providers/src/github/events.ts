import type { EmitterWebhookEvent, EmitterWebhookEventName } from "@octokit/webhooks";

import type { IsAny } from "../is-any.ts";
import type { GitHubUnsigned } from "./unsigned.ts";

/** The type of an event of GitHub: the event's name and, where the body has one, its action: `push`, `issues.opened`. */
export type GitHubEventType = Extract<keyof GitHubEvents, string>;

/**
 * The event map of GitHub: what each event carries, which is the signed body, and beside it what is not signed. The
 * types are those of the `@octokit/webhooks` package. Without that package every name is taken, and a payload is known as
 * far as all events are alike.
 *
 * For an event that GitHub added since, extend this interface by declaration merging.
 */
export interface GitHubEvents extends GitHubEventMap {}

/** A signed body of GitHub with what stood unsigned in the headers. */
export type GitHubPayload<Body> = Body & { readonly unsigned: GitHubUnsigned };

type GitHubEventMap = IsAny<EmitterWebhookEventName> extends true ? OpenEventMap : KnownEventMap & DispatchEventMap;

type KnownEventMap = {
  readonly [Name in SentName]: GitHubPayload<EmitterWebhookEvent<Name>["payload"]>;
};

/** Of a dispatch the sender names the action: it can be any text. */
type DispatchEventMap = {
  readonly [Name in `repository_dispatch.${string}`]: GitHubPayload<
    EmitterWebhookEvent<"repository_dispatch">["payload"]
  >;
};

/** The package also knows a name for all actions of an event, which here is a pattern: `issues.*`. */
type SentName = {
  readonly [Name in EmitterWebhookEventName]: Name extends `repository_dispatch${string}`
    ? never
    : [Extract<EmitterWebhookEventName, `${Name}.${string}`>] extends [never]
      ? Name
      : never;
}[EmitterWebhookEventName];

interface OpenEventMap {
  readonly [type: string]: GitHubPayload<OpenBody>;
}

interface OpenBody {
  readonly action?: string;
  readonly sender?: Account;
  readonly organization?: Account;
  readonly repository?: { readonly id: number; readonly full_name: string; readonly [field: string]: unknown };
  readonly installation?: { readonly id: number; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

interface Account {
  readonly id: number;
  readonly login: string;
  readonly [field: string]: unknown;
}
