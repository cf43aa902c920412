/** What Slack puts around an event. All of it is signed. */
export interface SlackCallback<Inner = { readonly type: string; readonly [field: string]: unknown }> {
  readonly type: "event_callback";
  /** `Ev…`; the id of the event, over every attempt. */
  readonly event_id: string;
  /** Unix seconds. */
  readonly event_time: number;
  readonly event: Inner;
  /** The app it is for. */
  readonly api_app_id: string;
  /** The workspace it happened in. */
  readonly team_id: string;
  readonly enterprise_id?: string | null;
  readonly context_team_id?: string | null;
  readonly context_enterprise_id?: string | null;
  /** Names the event towards Slack's API. */
  readonly event_context?: string;
  /** One of the installations of the app that may see the event. */
  readonly authorizations?: readonly SlackAuthorization[] | null;
  readonly is_ext_shared_channel?: boolean;
}

/** For whom an app was installed. */
export interface SlackAuthorization {
  readonly enterprise_id: string | null;
  readonly team_id: string | null;
  readonly user_id: string;
  readonly is_bot: boolean;
  readonly is_enterprise_install?: boolean;
}

/** Slack holds back events of a workspace that has too many of them in an hour. */
export interface SlackRateLimit {
  readonly type: "app_rate_limited";
  readonly team_id: string;
  readonly api_app_id: string;
  /** The minute in which it began, in Unix seconds. */
  readonly minute_rate_limited: number;
}
