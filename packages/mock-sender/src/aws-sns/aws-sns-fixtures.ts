import type { AwsSnsConfirmation, AwsSnsEvents, AwsSnsEventType } from "@hooklatch/providers/aws-sns";

import type { MockMoment } from "../mock-platform.ts";

type Fixtures = { readonly [Type in AwsSnsEventType]: (moment: MockMoment, topicArn: string) => AwsSnsEvents[Type] };

/** A payload for each event type, about a shop's topic. */
export const awsSnsFixtures: Fixtures = {
  Notification: (moment, topicArn) => ({
    Type: "Notification",
    MessageId: moment.uuid("message"),
    TopicArn: topicArn,
    Subject: "Order paid",
    Message: JSON.stringify(orderPaid(moment), undefined, 2),
    Timestamp: new Date(moment.atMs).toISOString(),
    unsigned: {
      MessageAttributes: {
        kind: { Type: "String", Value: "order.paid" },
        priority: { Type: "Number", Value: "2" },
      },
    },
  }),
  SubscriptionConfirmation: (moment, topicArn) => ({
    ...confirmation(moment, topicArn, "SubscriptionConfirmation"),
    Message:
      `You have chosen to subscribe to the topic ${topicArn}.\n` +
      "To confirm the subscription, visit the SubscribeURL included in this message.",
  }),
  UnsubscribeConfirmation: (moment, topicArn) => ({
    ...confirmation(moment, topicArn, "UnsubscribeConfirmation"),
    Message:
      `You have chosen to deactivate subscription ${topicArn}:${moment.uuid("subscription")}.\n` +
      "To cancel this operation and restore the subscription, visit the SubscribeURL included in this message.",
  }),
};

/** What an app of one's own publishes; long enough to be the middle of the whole body. */
function orderPaid(moment: MockMoment) {
  return {
    order: `order-${100 + moment.sequence}`,
    payment: moment.uuid("payment"),
    note: 'Ring twice & wait <please>, "thank you" ☕',
    lines: Array.from({ length: 8 }, (_, index) => ({
      sku: `LAMP-${index + 1}0${moment.sequence}`,
      name: "Lampu meja Teratai",
      quantity: index + 1,
      price: 12_900 + index * 100,
    })),
  };
}

function confirmation<Type extends AwsSnsConfirmation<"SubscriptionConfirmation" | "UnsubscribeConfirmation">["Type"]>(
  moment: MockMoment,
  topicArn: string,
  type: Type,
) {
  const [, , , region = ""] = topicArn.split(":");
  const token = Array.from({ length: 10 }, (_, index) => moment.uuid(`token ${index}`).replaceAll("-", "")).join("");
  return {
    Type: type,
    MessageId: moment.uuid("message"),
    Token: token,
    TopicArn: topicArn,
    SubscribeURL: `https://sns.${region}.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${topicArn}&Token=${token}`,
    Timestamp: new Date(moment.atMs).toISOString(),
  };
}
