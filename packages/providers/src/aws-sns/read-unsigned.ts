import type { BodyObject } from "@hooklatch/core";

import type { AwsSnsMessageAttribute, AwsSnsNotification } from "./events.ts";

/** Reads what AWS does not sign and handlers may still want. What is not in AWS's form is left out. */
export function readUnsigned(body: BodyObject): AwsSnsNotification["unsigned"] {
  const given = body["MessageAttributes"];
  if (typeof given !== "object" || given === null) return { MessageAttributes: {} };
  const entries = Object.entries(given).flatMap(([name, attribute]) => {
    const read = readAttribute(attribute);
    return read === undefined ? [] : [[name, read] as const];
  });
  return { MessageAttributes: Object.fromEntries(entries) };
}

function readAttribute(attribute: unknown): AwsSnsMessageAttribute | undefined {
  if (typeof attribute !== "object" || attribute === null) return undefined;
  if (!("Type" in attribute && typeof attribute.Type === "string")) return undefined;
  if (!("Value" in attribute && typeof attribute.Value === "string")) return undefined;
  return { Type: attribute.Type, Value: attribute.Value };
}
