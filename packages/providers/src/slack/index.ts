export { slack } from "./slack.ts";
export type { SlackOptions } from "./slack.ts";
export type { SecretOptions } from "../secret-options.ts";
export type { SlackEvents, SlackEventType } from "./events.ts";
export type { SlackAuthorization, SlackCallback, SlackRateLimit } from "./envelope.ts";
