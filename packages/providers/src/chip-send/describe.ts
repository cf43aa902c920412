import { createHash } from "node:crypto";

import { readId, toEpochMs } from "@hooklatch/core";
import type { BodyObject, Delivery, EventDescription } from "@hooklatch/core";
import { RejectedError } from "@hooklatch/core/errors";

import { chipSendEventTypes } from "./events.ts";
import type { ChipSendEventType } from "./events.ts";

/**
 * Reads the event out of a verified body of CHIP Send.
 *
 * The header `Event-Type` is not signed, so the type is read off the signed body: a send instruction alone has a
 * `state`, a budget allocation alone a `transaction_type`, a bank account an `account_number` at its top. A header that
 * says otherwise is refused. Only for a body of none of these kinds does the header decide, and then never on one of the
 * three types.
 *
 * CHIP Send sends no event id. The id is made of the type, the object's id, its state and the time of its last change.
 *
 * @throws {RejectedError} `ERR_EVENT_TYPE_INVALID`, `ERR_EVENT_ID_INVALID`
 */
export function describe(body: BodyObject, delivery: Delivery): EventDescription {
  const kind = kindOf(body);
  const claimed = delivery.header("event-type");
  if (kind === undefined) return describeUnknown(body, delivery, claimed);
  if (claimed !== undefined && claimed !== kind) {
    throw typeError("The header Event-Type, which is not signed, says something else than the signed body.");
  }
  const state = body[kind === "send_instruction_status" ? "state" : "status"];
  const { updated_at: updatedAt } = body;
  const change = isText(state) && isText(updatedAt) ? [state, updatedAt] : undefined;
  // Encoded, so that neither a slash nor a colon inside a part can make two events share an id.
  const object = `${kind}/${encodeURIComponent(readId(body, "id", delivery))}`;
  return {
    id: `${object}/${change?.map(encodeURIComponent).join("/") ?? hashOf(delivery)}`,
    type: kind,
    payload: body,
    occurredAtMs: toEpochMs(updatedAt, "seconds"),
  };
}

/** What kind of object a body is, by the fields that no other kind has. */
function kindOf(body: BodyObject): ChipSendEventType | undefined {
  if (Object.hasOwn(body, "state")) return "send_instruction_status";
  if (Object.hasOwn(body, "transaction_type") || Object.hasOwn(body, "approvals_required")) {
    return "budget_allocation_status";
  }
  return Object.hasOwn(body, "account_number") ? "bank_account_status" : undefined;
}

/** Describes an event that is newer than the map. */
function describeUnknown(body: BodyObject, delivery: Delivery, type: string | undefined): EventDescription {
  // Strict: the name of a known type in capitals, or with a blank, could pass for that type further on.
  if (type === undefined || !/^[a-z0-9_.]{1,100}$/.test(type)) {
    throw typeError(
      "The body is of no kind that is known, and the header Event-Type is missing or no name of an event.",
    );
  }
  if (chipSendEventTypes.some((known) => known === type)) {
    throw typeError(`The body is not what ${type} is about.`);
  }
  // Nothing of the type in the id: whoever changed the header could else have one event handled twice.
  return { id: hashOf(delivery), type, payload: body };
}

function hashOf({ body }: Delivery): string {
  return `sha256:${createHash("sha256").update(body).digest("hex")}`;
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "" && value.isWellFormed();
}

function typeError(message: string): RejectedError {
  return new RejectedError("ERR_EVENT_TYPE_INVALID", message);
}
