import { createHash } from "node:crypto";

import { toEpochMs } from "@hooklatch/core";
import type { BodyObject, Delivery, EventDescription } from "@hooklatch/core";

import { readResource, zeroTime } from "./read-resource.ts";

/** InPlayer never sends a notification again. Copies come from connections of one account that exist side by side. */
const keepMs = 86_400_000;

/**
 * Reads the event out of a message of InPlayer.
 *
 * InPlayer sends no id. It is made of the account, the type, the second, and what the resource names itself by: its
 * transaction, id or item. Where it names itself by nothing, of the SHA-256 of the message.
 *
 * The account is what the message's topic is: the rest of an address `mqtt:<account>`.
 */
export function describe(message: BodyObject, delivery: Delivery): EventDescription {
  const { type } = message;
  const timestamp = readTimestamp(message["timestamp"]);
  const resource = readResource(message["resource"]);
  const accountUuid = delivery.url.startsWith("mqtt:") ? delivery.url.slice("mqtt:".length) : undefined;
  return {
    id: [accountUuid ?? "", type, timestamp, ownName(resource, timestamp) ?? hashOf(delivery)].map(encode).join("/"),
    type,
    payload: {
      type,
      ...(timestamp === undefined ? {} : { timestamp }),
      ...(accountUuid === undefined ? {} : { accountUuid }),
      resource,
      message,
    },
    occurredAtMs: toEpochMs(timestamp, "seconds"),
    keepMs,
  };
}

function readTimestamp(value: unknown): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value !== zeroTime ? value : undefined;
}

/** Without a time, the next event about the same thing would have the same name. */
function ownName(resource: BodyObject, timestamp: number | undefined): string | undefined {
  if (timestamp === undefined) return undefined;
  const field = ["transaction", "id", "item_id"].find((name) => isName(resource[name]));
  return field === undefined ? undefined : `${field}:${String(resource[field])}`;
}

/** A number that JSON rounded names nothing. */
function isName(value: unknown): boolean {
  if (typeof value === "string") return value.trim() !== "" && value.isWellFormed();
  return typeof value === "number" && Number.isSafeInteger(value);
}

function hashOf({ body }: Delivery): string {
  return `sha256:${createHash("sha256").update(body).digest("hex")}`;
}

/** So that a slash inside a part cannot make two events share an id. Core refuses a type that is no sound text. */
function encode(part: unknown): string {
  return typeof part === "number" || (typeof part === "string" && part.isWellFormed()) ? encodeURIComponent(part) : "";
}
