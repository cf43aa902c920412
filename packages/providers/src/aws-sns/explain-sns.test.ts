import { generateKeyPairSync, sign } from "node:crypto";

import type { Delivery } from "@hooklatch/core";
import { expect, test } from "vitest";

import { explainSns } from "./explain-sns.ts";
import { readMessage } from "./read-message.ts";

const [key, otherKey] = [0, 1].map(() => generateKeyPairSync("rsa", { modulusLength: 2048 }));
const SigningCertURL =
  "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem";
const notification = {
  Type: "Notification",
  MessageId: "5f0c2d1e-9b7a-4c38-8d21-0a4b6c8e1f35",
  TopicArn: "arn:aws:sns:eu-west-1:123456789012:orders",
  Message: '{"order": 7,\n "note": "$& a"}',
  Timestamp: "2027-03-01T10:20:30.456Z",
};

/** What is found of a message that was signed as it stands here and then changed. */
function explain(changes: Readonly<Record<string, string>>, { hash = "sha256", knownKey = key?.publicKey } = {}) {
  const text = Buffer.from(readMessage(notification).text);
  const Signature = key === undefined ? "" : sign(hash, text, key.privateKey).toString("base64");
  const body = Buffer.from(
    JSON.stringify({ ...notification, SignatureVersion: "2", Signature, SigningCertURL, ...changes }),
  );
  const delivery: Delivery = { method: "POST", url: "/", receivedAtMs: 0, body, header: () => undefined };
  return explainSns(delivery, { knownKey: (url) => (url === SigningCertURL ? knownKey : undefined) });
}

test.each([
  ["body-line-endings", { Message: notification.Message.replaceAll("\n", "\r\n") }],
  ["body-line-endings", { Message: `${notification.Message}\n` }],
])("finds %s", (cause, changes) => {
  expect(explain(changes)?.cause).toBe(cause);
});

test("finds JSON that was written otherwise", () => {
  const Message = '{"order":7,"note":"a"}';
  const compact = { ...notification, Message };
  const text = Buffer.from(readMessage(compact).text);
  const Signature = key === undefined ? "" : sign("sha256", text, key.privateKey).toString("base64");
  expect(explain({ Signature, Message: '{ "order": 7, "note": "a" }' })?.cause).toBe("body-reserialized");
});

test("finds a version that was changed on the way", () => {
  expect(explain({}, { hash: "sha1" })).toMatchObject({ cause: "signature-algorithm" });
  expect(explain({ SignatureVersion: "1" })).toMatchObject({ cause: "signature-algorithm" });
});

test("finds nothing for another key, another text, or where the certificate was not fetched", () => {
  expect(explain({ Message: "x" })).toBeUndefined();
  const changed = { Message: `${notification.Message}\n` };
  expect(explain(changed, { knownKey: otherKey?.publicKey })).toBeUndefined();
  expect(explain({ ...changed, SigningCertURL: "https://elsewhere.example/a.pem" })).toBeUndefined();
});
