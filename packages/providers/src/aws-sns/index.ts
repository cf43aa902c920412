export { awsSns } from "./aws-sns.ts";
export type { AwsSnsOptions } from "./aws-sns.ts";
export { awsSnsEventTypes } from "./events.ts";
export type {
  AwsSnsConfirmation,
  AwsSnsEvents,
  AwsSnsEventType,
  AwsSnsMessageAttribute,
  AwsSnsNotification,
} from "./events.ts";
export type { Fetch, FetchAnswer, FetchRequest } from "../fetch.ts";
export type { SignatureVersion } from "./sns-scheme.ts";
