import type { BodyObject, Delivery } from "@hooklatch/core";
import { RejectedError } from "@hooklatch/core/errors";

import { eventShapes } from "./event-shapes.ts";
import type { EventShape } from "./event-shapes.ts";

/** A map: `constructor` is no event. */
const shapes: ReadonlyMap<string, EventShape> = new Map(Object.entries(eventShapes));

/** An event that is newer than the list: nothing is known of its fields. */
const unlisted: EventShape = { has: [] };

/** Fields that almost every event may have. */
const ambient: ReadonlySet<string> = new Set(["repository", "organization"]);

/**
 * Reads the name of the event from its header and holds it against the body. The header is not signed: without this, a
 * captured comment could be sent again as the deletion of an installation, and its handler would run with it.
 *
 * A name that is not in {@link eventShapes} is newer than this list. It is taken as it is, unless the body is one of an
 * event in the list: what was captured must not reach the handlers of another name.
 *
 * @throws {RejectedError} `ERR_EVENT_TYPE_INVALID`
 */
export function readEventName(body: BodyObject, delivery: Delivery): string {
  const name = delivery.header("x-github-event");
  // A dot in it could pass for an action.
  if (name === undefined || !/^[a-z0-9_]{1,100}$/.test(name)) {
    throw new RejectedError("ERR_EVENT_TYPE_INVALID", "The header X-GitHub-Event is missing or no name of an event.");
  }
  assertFits(name, body);
  return name;
}

function assertFits(name: string, body: BodyObject): void {
  const shape = shapes.get(name) ?? unlisted;
  const absent = shape.has.find((path) => !isIn(body, path));
  if (absent !== undefined) throw contradiction(name, `it has no ${absent}`);
  const unfit = shape.not?.find((path) => isIn(body, path));
  if (unfit !== undefined) throw contradiction(name, `it has ${unfit}`);

  const own = new Set([...shape.has, ...(shape.may ?? []), ...ambient]);
  for (const [other, { has }] of shapes) {
    const isOther = has.some((path) => !own.has(path)) && has.every((path) => isIn(body, path));
    if (isOther) throw contradiction(name, `it is one of ${other}`);
  }
}

function isIn(body: BodyObject, path: string): boolean {
  let value: unknown = body;
  for (const key of path.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return false;
    value = Reflect.get(value, key);
  }
  return true;
}

function contradiction(name: string, why: string): RejectedError {
  return new RejectedError(
    "ERR_EVENT_TYPE_INVALID",
    `The header X-GitHub-Event says ${name}, but the signed body says otherwise: ${why}.`,
    {
      help: "The header is not signed. Either somebody sent a captured delivery with another one, or GitHub is newer.",
    },
  );
}
