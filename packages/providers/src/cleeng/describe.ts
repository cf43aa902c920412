import { createHash } from "node:crypto";

import { toEpochMs } from "@hooklatch/core";
import type { BodyObject, Delivery, Provider } from "@hooklatch/core";
import { RejectedError } from "@hooklatch/core/errors";

import { topicRules } from "./topic-rules.ts";

/** How events are read. */
export interface DescribeOptions {
  /** The one publisher whose events are taken. */
  readonly broadcasterId?: number | undefined;
  /** For how long the hash of a body stands for one event. */
  readonly windowMs: number;
}

/**
 * Makes the function that reads the event out of a verified body of Cleeng.
 *
 * Cleeng sends no event id. The id is made of the topic, the publisher and the fields of `data` that name the event, or
 * where there are none, of the hash of the body. Such a hash may come again with another event, so it stands for the
 * first one for a short time only.
 *
 * @throws {RejectedError} `ERR_SOURCE_NOT_ALLOWED`, `ERR_EVENT_TYPE_INVALID`, `ERR_EVENT_UNREADABLE`
 */
export function createDescribe(options: DescribeOptions): Provider["describe"] {
  return ({ broadcasterId: given, topic, data }, delivery) => {
    const broadcasterId = readBroadcasterId(given);
    if (options.broadcasterId !== undefined && broadcasterId !== options.broadcasterId) {
      throw new RejectedError(
        "ERR_SOURCE_NOT_ALLOWED",
        `The event is about the broadcaster ${broadcasterId}, not about ${options.broadcasterId}.`,
      );
    }
    if (!isText(topic)) {
      throw new RejectedError("ERR_EVENT_TYPE_INVALID", "The body's topic is missing, blank or not a string.");
    }
    if (!isObject(data)) throw unreadable("data is not an object");
    const { key = [], time, once } = topicRules.get(topic) ?? {};
    const parts = readKey(data, key);
    // Encoded, so that neither a slash nor a colon inside a part can make two events share an id.
    const scope = `${encodeURIComponent(topic)}/${broadcasterId}`;
    return {
      id: `${scope}/${parts?.map(encodeURIComponent).join("/") ?? `sha256:${hashOf(delivery)}`}`,
      type: topic,
      payload: { ...data, broadcasterId },
      occurredAtMs: time === undefined ? undefined : toEpochMs(data[time], "seconds"),
      ...(parts === undefined && once === undefined ? { keepMs: options.windowMs } : {}),
    };
  };
}

/** A number, as documented, or its digits. */
function readBroadcasterId(given: unknown): number {
  const number = typeof given === "string" && /^\d{1,15}$/.test(given) ? Number(given) : given;
  if (typeof number === "number" && Number.isSafeInteger(number)) return number;
  throw unreadable("broadcasterId is not a whole number");
}

/** The values of some fields as text; `undefined` unless all of them are there. */
function readKey(data: BodyObject, fields: readonly string[]): readonly string[] | undefined {
  const values = fields.map((field) => (Object.hasOwn(data, field) ? data[field] : undefined));
  // Text and numbers alike: Cleeng writes one id as either. A number that was rounded names nothing.
  const isComplete = values.every((value) => isText(value) || Number.isSafeInteger(value));
  return isComplete && values.length > 0 ? values.map(String) : undefined;
}

function hashOf({ body }: Delivery): string {
  return createHash("sha256").update(body).digest("hex");
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "" && value.isWellFormed();
}

function isObject(value: unknown): value is BodyObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function unreadable(what: string): RejectedError {
  return new RejectedError("ERR_EVENT_UNREADABLE", `The body's ${what}.`);
}
