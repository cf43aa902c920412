import { toEpochMs } from "@hooklatch/core";
import type { BodyObject } from "@hooklatch/core";
import { RejectedError } from "@hooklatch/core/errors";

import { awsSnsEventTypes } from "./events.ts";
import type { AwsSnsEventType } from "./events.ts";

/** What AWS signs of a message, and nothing else of it. */
export interface SignedMessage {
  readonly type: AwsSnsEventType;
  /** The signed fields by name. Those that are always there are there. */
  readonly fields: Readonly<Record<string, string>>;
  readonly topicArn: string;
  readonly timestampMs: number;
  /** The very text that is signed. */
  readonly text: string;
}

const confirmation = ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"] as const;

/** The fields that are signed, in the order in which they are. */
const signedFields = {
  Notification: ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"],
  SubscriptionConfirmation: confirmation,
  UnsubscribeConfirmation: confirmation,
} as const satisfies Readonly<Record<AwsSnsEventType, readonly string[]>>;

/** How the fields look that are not free text. */
const patterns: ReadonlyMap<string, RegExp> = new Map([
  ["MessageId", /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/],
  ["Timestamp", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/],
  ["Token", /^[\w+/=.-]{1,2048}$/],
]);

/**
 * Reads the signed fields of a message, whether its signature is right or not, and the text that is signed.
 *
 * The fields are joined by line breaks before they are signed, so a line break in one of them could pass for the border to
 * the next. `Message` comes first and may hold them; no other field may hold any control character. Then one signed text
 * has one meaning only.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
 * @throws {RejectedError} `ERR_EVENT_TYPE_INVALID`, `ERR_SIGNATURE_MALFORMED`
 */
export function readMessage(body: BodyObject): SignedMessage {
  const type = awsSnsEventTypes.find((known) => known === body["Type"]);
  if (type === undefined) {
    throw new RejectedError("ERR_EVENT_TYPE_INVALID", "Type is none of the three that SNS has.");
  }
  const fields: Record<string, string> = {};
  let text = "";
  for (const name of signedFields[type]) {
    const value = readField(body, name);
    if (value === undefined) continue;
    fields[name] = value;
    text += `${name}\n${value}\n`;
  }
  const { TopicArn: topicArn = "", Timestamp } = fields;
  const timestampMs = toEpochMs(Timestamp, "milliseconds");
  if (timestampMs === undefined) throw malformed("Timestamp is not a time");
  return { type, fields, topicArn, timestampMs, text };
}

function readField(body: BodyObject, name: string): string | undefined {
  const value = Object.hasOwn(body, name) ? body[name] : undefined;
  if (name === "Subject" && (value === undefined || value === null)) return undefined;
  if (typeof value !== "string") throw malformed(`${name} is missing or not a text`);
  // A lone surrogate is signed as U+FFFD is: two messages would have one signature.
  if (!value.isWellFormed()) throw malformed(`${name} holds half a character`);
  if (name !== "Message" && /\p{Cc}/u.test(value)) throw malformed(`${name} holds a control character`);
  if (patterns.get(name)?.test(value) === false) throw malformed(`${name} is not written as SNS writes it`);
  return value;
}

/** What is wrong with what AWS signs, without a word of it. */
export function malformed(what: string, help?: string): RejectedError {
  return new RejectedError("ERR_SIGNATURE_MALFORMED", `${what}.`, help === undefined ? {} : { help });
}
