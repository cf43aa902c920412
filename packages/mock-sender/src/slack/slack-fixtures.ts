import type { SlackCallback, SlackEvents, SlackEventType, SlackRateLimit } from "@hooklatch/providers/slack";

import type { MockMoment } from "../mock-platform.ts";

/** The events with a fixture of their own. */
export const slackFixtureTypes = [
  "app_mention",
  "message",
  "reaction_added",
  "member_joined_channel",
  "channel_created",
  "app_home_opened",
  "app_uninstalled",
  "app_rate_limited",
] as const satisfies readonly SlackEventType[];

/** A body of Slack: the envelope with everything, of the event the fields that handlers read most. */
export function slackFixture<Type extends SlackEventType>(type: Type, moment: MockMoment): SlackEvents[Type] {
  const inner = { type, event_ts: stampOf(moment), ...innerEvents.get(type)?.(moment) };
  const body = type === "app_rate_limited" ? rateLimit(moment) : callback(inner, moment);
  // What is left out of an event is what a handler can be given by an override.
  return body as SlackEvents[Type];
}

const team = "T04LAMPS01";
const app = "A04LAMPAPP";
const user = "U04HANA777";
const channel = "C04GENERAL";

const innerEvents: ReadonlyMap<string, (moment: MockMoment) => object> = new Map<
  string,
  (moment: MockMoment) => object
>([
  [
    "app_mention",
    (moment) => ({ user, channel, ts: stampOf(moment), text: "<@U04BOT0001> is the shop/café open? ☕" }),
  ],
  ["message", (moment) => ({ user, channel, channel_type: "channel", ts: stampOf(moment), text: "Good morning" })],
  [
    "reaction_added",
    (moment) => ({
      user,
      reaction: "tada",
      item_user: "U04INES888",
      item: { type: "message", channel, ts: stampOf({ ...moment, atMs: moment.atMs - 60_000 }) },
    }),
  ],
  ["member_joined_channel", () => ({ user, channel, channel_type: "C", team, inviter: "U04INES888" })],
  [
    "channel_created",
    ({ atMs, sequence }) => ({
      channel: {
        id: `C04NEW${String(sequence).padStart(4, "0")}`,
        name: `project-${sequence}`,
        created: Math.floor(atMs / 1000),
        creator: user,
      },
    }),
  ],
  ["app_home_opened", () => ({ user, channel: "D04HOME001", tab: "home" })],
]);

/** A time of Slack: Unix seconds with six digits behind the point. */
function stampOf({ atMs, sequence }: MockMoment): string {
  return `${Math.floor(atMs / 1000)}.${String(sequence).padStart(6, "0")}`;
}

function callback(event: SlackCallback["event"], moment: MockMoment): SlackCallback {
  return {
    team_id: team,
    api_app_id: app,
    event,
    type: "event_callback",
    event_id: `Ev0${moment.uuid("event").replaceAll("-", "").slice(0, 10).toUpperCase()}`,
    event_time: Math.floor(moment.atMs / 1000),
    event_context: `4-${moment.uuid("context").replaceAll("-", "")}`,
    authorizations: [
      { enterprise_id: null, team_id: team, user_id: "U04BOT0001", is_bot: true, is_enterprise_install: false },
    ],
    is_ext_shared_channel: false,
    context_team_id: team,
    context_enterprise_id: null,
  };
}

function rateLimit({ atMs, sequence }: MockMoment): SlackRateLimit {
  return {
    type: "app_rate_limited",
    // A minute has sixty moments; the app tells them apart.
    api_app_id: `${app}${sequence}`,
    team_id: team,
    minute_rate_limited: Math.floor(atMs / 60_000) * 60,
  };
}
