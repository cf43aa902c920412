import type { BodyObject, EventDescription } from "@hooklatch/core";
import { RejectedError } from "@hooklatch/core/errors";

import type { ChipEventType } from "./events.ts";

/** The last second that a `Date` can hold. */
const lastSecond = 8.64e12;

/** What a purchase in each status tells. A status that follows from no event of the purchase itself is not here. */
const typeByStatus: ReadonlyMap<unknown, ChipEventType> = new Map([
  ["created", "purchase.created"],
  ["viewed", "purchase.viewed"],
  ["paid", "purchase.paid"],
  ["error", "purchase.payment_failure"],
  ["pending_execute", "purchase.pending_execute"],
  ["pending_charge", "purchase.pending_charge"],
  ["cancelled", "purchase.cancelled"],
  ["hold", "purchase.hold"],
  ["pending_capture", "purchase.pending_capture"],
  ["released", "purchase.released"],
  ["pending_release", "purchase.pending_release"],
  ["preauthorized", "purchase.preauthorized"],
  ["pending_refund", "purchase.pending_refund"],
  ["settled", "purchase.settled"],
] as const);

/**
 * Reads the event out of a verified body of CHIP.
 *
 * CHIP sends no event id. The id is made of three signed fields: the object's id, the event's type and the second of
 * the object's last change. A redelivery repeats all three.
 *
 * @throws {RejectedError} `ERR_EVENT_TYPE_INVALID`, `ERR_EVENT_ID_INVALID`
 */
export function describe(body: BodyObject): EventDescription {
  const type = readType(body);
  const updatedOn = readUpdatedOn(body);
  return {
    // Encoded, so that a slash inside a part cannot make two events share an id.
    id: `${encode(readObjectId(body))}/${encode(type)}/${updatedOn}`,
    type,
    payload: body,
    occurredAtMs: updatedOn * 1000,
  };
}

/** Most parts need no encoding, and to look is cheaper than to encode. */
function encode(part: string): string {
  return /^[\w.-]+$/.test(part) ? part : encodeURIComponent(part);
}

function readType({ event_type: type, type: object, status }: BodyObject): string {
  if (isText(type)) return type;
  if (type !== undefined && type !== null) {
    throw new RejectedError("ERR_EVENT_TYPE_INVALID", "The body's event_type is not a string, or an empty one.");
  }
  const derived = object === "purchase" ? typeByStatus.get(status) : undefined;
  if (derived !== undefined) return derived;
  throw new RejectedError(
    "ERR_EVENT_TYPE_INVALID",
    object === "purchase"
      ? "The body has no event_type, and its status belongs to no event of a purchase."
      : "The body has no event_type. Only a purchase may come without one.",
    { help: "A success callback may leave event_type out; a webhook never does." },
  );
}

function readObjectId({ id }: BodyObject): string {
  if (isText(id)) return id;
  throw new RejectedError("ERR_EVENT_ID_INVALID", "The body's id is missing, blank or not a string.");
}

function readUpdatedOn({ updated_on: updatedOn }: BodyObject): number {
  if (typeof updatedOn === "number" && Number.isSafeInteger(updatedOn) && updatedOn >= 0 && updatedOn <= lastSecond) {
    return updatedOn;
  }
  throw new RejectedError("ERR_EVENT_ID_INVALID", "The body's updated_on is missing or not a time in Unix seconds.");
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "" && value.isWellFormed();
}
