import type { SlackEvent } from "@slack/types";

import type { IsAny } from "../is-any.ts";
import type { SlackCallback, SlackRateLimit } from "./envelope.ts";

/** The type of an event of Slack: that of the inner event, such as `app_mention`, or `app_rate_limited`. */
export type SlackEventType = Extract<keyof SlackEvents, string>;

/**
 * The event map of Slack's Events API: what each event carries, which is the whole signed body; the event itself is in
 * `event`. The types are those of the `@slack/types` package. Without that package every name is taken, and of an event
 * nothing but its type is known.
 *
 * For an event that Slack added since, extend this interface by declaration merging.
 */
export interface SlackEvents extends SlackEventMap {}

type SlackEventMap = IsAny<SlackEvent> extends true ? OpenEventMap : KnownEventMap & RateLimitMap;

type KnownEventMap = {
  // The package lists `app_rate_limited` as an inner event; Slack sends it as a body of its own.
  readonly [Type in Exclude<SlackEvent["type"], "app_rate_limited">]: SlackCallback<
    Extract<SlackEvent, { readonly type: Type }>
  >;
};

interface RateLimitMap {
  readonly app_rate_limited: SlackRateLimit;
}

interface OpenEventMap {
  readonly [type: string]: SlackCallback | SlackRateLimit;
}
