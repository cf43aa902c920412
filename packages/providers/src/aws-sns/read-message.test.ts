import { WebhookError } from "@hooklatch/core/errors";
import { describe, expect, test } from "vitest";

import { readMessage } from "./read-message.ts";

const common = {
  MessageId: "5f0c2d1e-9b7a-4c38-8d21-0a4b6c8e1f35",
  TopicArn: "arn:aws:sns:eu-west-1:123456789012:orders",
  Timestamp: "2027-03-01T10:20:30.456Z",
};
const notification = { ...common, Type: "Notification", Subject: "Paid", Message: "order-7" };
const confirmation = {
  ...common,
  Message: "Please confirm",
  Token: "ab12",
  SubscribeURL: "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription",
};

function codeOf(body: Readonly<Record<string, unknown>>): string {
  try {
    readMessage(body);
  } catch (error) {
    return error instanceof WebhookError ? error.code : String(error);
  }
  return "none";
}

test("joins the fields of a notification as AWS does", () => {
  expect(readMessage(notification)).toEqual({
    type: "Notification",
    fields: notification,
    topicArn: notification.TopicArn,
    timestampMs: Date.UTC(2027, 2, 1, 10, 20, 30, 456),
    text:
      "Message\norder-7\nMessageId\n5f0c2d1e-9b7a-4c38-8d21-0a4b6c8e1f35\nSubject\nPaid\n" +
      "Timestamp\n2027-03-01T10:20:30.456Z\nTopicArn\narn:aws:sns:eu-west-1:123456789012:orders\nType\nNotification\n",
  });
});

test.each([undefined, null])("leaves out a subject that is %s, its name too", (Subject) => {
  const { text, fields } = readMessage({ ...notification, Subject });
  expect(text).toContain("0a4b6c8e1f35\nTimestamp\n");
  expect(fields).not.toHaveProperty("Subject");
});

test("signs a subject that is empty, and a message that is", () => {
  expect(readMessage({ ...notification, Subject: "", Message: "" }).text).toMatch(
    /^Message\n\nMessageId\n.*\nSubject\n\n/,
  );
});

test.each(["SubscriptionConfirmation", "UnsubscribeConfirmation"])(
  "joins the fields of a %s, the token too",
  (Type) => {
    expect(readMessage({ ...confirmation, Type }).text).toBe(
      "Message\nPlease confirm\nMessageId\n5f0c2d1e-9b7a-4c38-8d21-0a4b6c8e1f35\n" +
        "SubscribeURL\nhttps://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription\n" +
        "Timestamp\n2027-03-01T10:20:30.456Z\nToken\nab12\n" +
        `TopicArn\narn:aws:sns:eu-west-1:123456789012:orders\nType\n${Type}\n`,
    );
  },
);

test("reads nothing that is not signed for the message's own type", () => {
  const unsigned = { MessageAttributes: {}, UnsubscribeURL: "https://evil.example", extra: 1, Signature: "AA==" };
  const smuggled = { ...notification, ...unsigned, Token: "t", SubscribeURL: "https://evil.example" };
  expect(readMessage(smuggled)).toEqual(readMessage(notification));
  const Type = "SubscriptionConfirmation";
  expect(readMessage({ ...confirmation, ...unsigned, Type, Subject: "s" })).toEqual(
    readMessage({ ...confirmation, Type }),
  );
});

describe("one signed text has one meaning: refused is", () => {
  test.each(["\n", "\r", "\t", "\0", "\u007f", "\u0085"])(
    "the control character %j outside of Message",
    (character) => {
      for (const name of ["Subject", "MessageId", "TopicArn", "Timestamp"] as const) {
        expect(codeOf({ ...notification, [name]: `${notification[name]}${character}` })).toBe(
          "ERR_SIGNATURE_MALFORMED",
        );
      }
      for (const name of ["Token", "SubscribeURL"] as const) {
        const body = { ...confirmation, Type: "SubscriptionConfirmation", [name]: `${confirmation[name]}${character}` };
        expect(codeOf(body)).toBe("ERR_SIGNATURE_MALFORMED");
      }
    },
  );

  test("the end of a message in the subject, and a subject in the message id", () => {
    const moved = { ...notification, Subject: undefined, Message: "order-7" };
    const { text } = readMessage(notification);
    const asSubject = { ...moved, MessageId: `${common.MessageId}\nSubject\nPaid` };
    expect(`Message\n${asSubject.Message}\nMessageId\n${asSubject.MessageId}\n`).toBe(
      text.slice(0, text.indexOf("Timestamp")),
    );
    expect(codeOf(asSubject)).toBe("ERR_SIGNATURE_MALFORMED");
    expect(codeOf({ ...notification, Message: "order-7\nMessageId\nx", MessageId: "y" })).toBe(
      "ERR_SIGNATURE_MALFORMED",
    );
  });

  test.each(["Message", "Subject"])("half a character in %s: it is signed as U+FFFD is", (name) => {
    expect(codeOf({ ...notification, [name]: "\u{fffd}" })).toBe("none");
    expect(codeOf({ ...notification, [name]: "\ud800" })).toBe("ERR_SIGNATURE_MALFORMED");
  });
});

test("takes line breaks and control characters in Message", () => {
  expect(readMessage({ ...notification, Message: "a\nMessageId\nb\r\n\0" }).fields["Message"]).toBe(
    "a\nMessageId\nb\r\n\0",
  );
});

test.each(["Message", "MessageId", "TopicArn", "Timestamp"])("refuses a %s that is missing or no text", (name) => {
  for (const value of [undefined, null, 7, true, {}, ["order-7"]]) {
    expect(codeOf({ ...notification, [name]: value })).toBe("ERR_SIGNATURE_MALFORMED");
  }
});

test.each([7, true, {}, ["Paid"]])("refuses the subject %j", (Subject) => {
  expect(codeOf({ ...notification, Subject })).toBe("ERR_SIGNATURE_MALFORMED");
});

test.each(["Token", "SubscribeURL"])("refuses a confirmation whose %s is missing or no text", (name) => {
  for (const value of [undefined, null, 7, {}]) {
    expect(codeOf({ ...confirmation, Type: "SubscriptionConfirmation", [name]: value })).toBe(
      "ERR_SIGNATURE_MALFORMED",
    );
  }
});

test.each([
  ["MessageId", ""],
  ["MessageId", "5F0C2D1E-9B7A-4C38-8D21-0A4B6C8E1F35"],
  ["MessageId", " 5f0c2d1e-9b7a-4c38-8d21-0a4b6c8e1f35"],
  ["Timestamp", ""],
  ["Timestamp", "1803896430456"],
  ["Timestamp", "2027-03-01T10:20:30Z"],
  ["Timestamp", "2027-03-01T10:20:30.456+08:00"],
  ["Timestamp", "2027-13-01T10:20:30.456Z"],
  ["Timestamp", "2027-03-01T10:20:30.456Zzz"],
])("refuses the %s %j", (name, value) => {
  expect(codeOf({ ...notification, [name]: value })).toBe("ERR_SIGNATURE_MALFORMED");
});

test.each([undefined, null, "", "notification", "constructor", "__proto__", "toString", 7, ["Notification"]])(
  "refuses the type %j",
  (Type) => expect(codeOf({ ...notification, Type })).toBe("ERR_EVENT_TYPE_INVALID"),
);
