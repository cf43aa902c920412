import type { BodyObject, EventDescription } from "@hooklatch/core";

import { eventResources } from "./events.ts";
import type { InPlayerEventType } from "./events.ts";
import { convertFields } from "./field-kinds.ts";
import type { Converted, Fields } from "./field-kinds.ts";
import { resourceFields } from "./resource-fields.ts";

const envelopeFields = { id: "text", type: "text", created: "integer", version: "text" } as const satisfies Fields;

/**
 * Reads the event out of a verified form of InPlayer. Its id is InPlayer's own. Never refuses a value: what does not fit
 * its kind is left out of the result, named in `misfits`, and stays in `form`.
 */
export function describe(form: BodyObject): EventDescription {
  const { resource: given, ...rest } = form;
  const envelope = convertFields(envelopeFields, rest);
  const resource = convertResource(fieldsOf(form["type"]), given);
  const { created } = envelope.values;
  return {
    id: form["id"],
    type: form["type"],
    payload: {
      ...envelope.values,
      resource: resource.values,
      misfits: [...envelope.misfits, ...resource.misfits],
      form,
    },
    occurredAtMs: typeof created === "number" ? created * 1000 : undefined,
  };
}

/** An event that is newer than the map has no fields of a known kind: all of them stay texts. */
function fieldsOf(type: unknown): Fields {
  return isKnown(type) ? resourceFields[eventResources[type]] : {};
}

function isKnown(type: unknown): type is InPlayerEventType {
  return typeof type === "string" && Object.hasOwn(eventResources, type);
}

function convertResource(fields: Fields, given: unknown): Converted {
  if (given === undefined) return { values: {}, misfits: [] };
  if (!isObject(given)) return { values: {}, misfits: ["resource"] };
  const { values, misfits } = convertFields(fields, given);
  return { values, misfits: misfits.map((name) => `resource.${name}`) };
}

function isObject(value: unknown): value is BodyObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
