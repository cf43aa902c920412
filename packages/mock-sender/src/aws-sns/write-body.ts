import type { BodyObject } from "@hooklatch/core";

import type { EncodedBody } from "../mock-platform.ts";

/** The order in which SNS writes its fields. */
const order = [
  "Type",
  "MessageId",
  "Token",
  "TopicArn",
  "Subject",
  "Message",
  "SubscribeURL",
  "Timestamp",
  "SignatureVersion",
  "Signature",
  "SigningCertURL",
  "UnsubscribeURL",
  "MessageAttributes",
];

/** Writes a body as SNS does: one field on each line, spaces around the colons. What `fields` has besides goes last. */
export function writeBody(fields: BodyObject): EncodedBody {
  const names = Object.keys(fields).toSorted((one, other) => rankOf(one) - rankOf(other));
  const lines = names.flatMap((name) => {
    const value = JSON.stringify(fields[name]);
    return value === undefined ? [] : [`  ${JSON.stringify(name)} : ${value}`];
  });
  const text = `{\n${lines.join(",\n")}\n}`;
  // An object was written.
  const parsed = JSON.parse(text) as BodyObject;
  return { contentType: "text/plain; charset=UTF-8", bytes: Buffer.from(text), parsed };
}

function rankOf(name: string): number {
  const rank = order.indexOf(name);
  return rank === -1 ? order.length : rank;
}
