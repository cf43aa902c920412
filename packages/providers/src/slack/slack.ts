import { defineProvider } from "@hooklatch/core";
import type { BodyObject, Provider } from "@hooklatch/core";
import { RejectedError } from "@hooklatch/core/errors";
import { hmac } from "@hooklatch/core/schemes";

import { limitsOf, secretsOf } from "../secret-options.ts";
import type { SecretHint, SecretOptions } from "../secret-options.ts";
import { answerChallenge } from "./challenge.ts";
import type { SlackEvents } from "./events.ts";

/** How the Slack provider is set up. `secrets` are the signing secrets of the app. */
export interface SlackOptions extends SecretOptions {
  /** How far the signed time may lie from now, either way, in milliseconds. Default: 5 minutes. */
  readonly toleranceMs?: number;
}

/**
 * Slack: the Events API, signed with HMAC-SHA256 over the time and the body. The challenge by which Slack tests the
 * address is answered. Not for slash commands and interactivity, whose bodies are forms.
 *
 * @example
 *   const events = createReceiver({ provider: slack({ secrets: process.env.SLACK_SIGNING_SECRET! }) });
 *
 * @see https://docs.slack.dev/authentication/verifying-requests-from-slack
 * @throws {ConfigError} `ERR_SECRET_MISSING`, `ERR_KEY_INVALID` or `ERR_OPTION_INVALID`
 */
export function slack(options: SlackOptions): Provider<SlackEvents> {
  const { toleranceMs } = options;
  return {
    ...defineProvider<SlackEvents>({
      name: "slack",
      scheme: hmac({
        ...secretsOf(options, hint),
        header: "x-slack-signature",
        encoding: "hex",
        prefix: "v0=",
        content: "v0:{timestamp}:{body}",
        timestamp: { header: "x-slack-request-timestamp", ...(toleranceMs === undefined ? {} : { toleranceMs }) },
      }),
      type: readType,
      id: readEventId,
      occurredAt: { at: (body) => body["event_time"] ?? body["minute_rate_limited"] },
      // Three attempts within 6 minutes; apps that asked for delayed events get them for 24 hours.
      retryHorizonMs: 2 * 86_400_000,
      handshake: answerChallenge,
    }),
    ...limitsOf(options),
  };
}

const rateLimit = "app_rate_limited";

function readType(body: BodyObject): unknown {
  const { type, event } = body;
  if (type === rateLimit) return type;
  if (type === "event_callback" && typeof event === "object" && event !== null && Object.hasOwn(event, "type")) {
    const inner: unknown = Reflect.get(event, "type");
    // An inner event of this name would be read as the body of the same name.
    if (inner !== rateLimit) return inner;
  }
  throw new RejectedError("ERR_EVENT_TYPE_INVALID", "The body is neither an event callback nor another known kind.", {
    help: "The Events API alone is read here; give slash commands and interactivity addresses of their own.",
  });
}

function readEventId(body: BodyObject): unknown {
  if (body["type"] !== rateLimit) return body["event_id"];
  const { api_app_id: app, team_id: team, minute_rate_limited: minute } = body;
  if (!isText(app) || !isText(team) || !Number.isSafeInteger(minute)) {
    throw new RejectedError("ERR_EVENT_ID_INVALID", "The body tells no app, team or minute of the rate limit.");
  }
  // Encoded, so that a slash inside a part cannot make two events share an id.
  return [rateLimit, ...[app, team].map(encodeURIComponent), String(minute)].join("/");
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "" && value.isWellFormed();
}

const hint: SecretHint = {
  variable: "SLACK_SIGNING_SECRET",
  help: "Copy the signing secret of the app from Basic Information, App Credentials.",
  mistakenFor: (secret) =>
    /^xox[a-z]-|^xapp-/.test(secret) ? "a token of Slack's API, not a signing secret" : undefined,
};
