/** Every event type of SNS, spelled as in `Type`. */
export const awsSnsEventTypes = ["Notification", "SubscriptionConfirmation", "UnsubscribeConfirmation"] as const;

/** The name of an event of SNS. */
export type AwsSnsEventType = (typeof awsSnsEventTypes)[number];

/** The event map of SNS. */
export interface AwsSnsEvents {
  /** Something was published to the topic. */
  readonly Notification: AwsSnsNotification;
  /** The endpoint was subscribed to the topic, and nobody has confirmed that yet. */
  readonly SubscriptionConfirmation: AwsSnsConfirmation<"SubscriptionConfirmation">;
  /** The subscription has ended. */
  readonly UnsubscribeConfirmation: AwsSnsConfirmation<"UnsubscribeConfirmation">;
}

/** A message that was published to a topic. Everything but `unsigned` is covered by AWS's signature. */
export interface AwsSnsNotification {
  readonly Type: "Notification";
  /** A UUID. The same in every redelivery. */
  readonly MessageId: string;
  /** One of the topics that the provider was given. */
  readonly TopicArn: string;
  readonly Subject?: string;
  /** The text as it was published. JSON in it is not parsed: whoever may publish to the topic decides what it is. */
  readonly Message: string;
  /** When it was published, in ISO 8601. */
  readonly Timestamp: string;
  /** What AWS does not sign. Whoever holds a captured message can change it. */
  readonly unsigned: {
    readonly MessageAttributes: Readonly<Record<string, AwsSnsMessageAttribute>>;
  };
}

/** An attribute of a message, as its publisher set it. */
export interface AwsSnsMessageAttribute {
  /** `String`, `Number`, `Binary`, `String.Array`, or one of them with a label behind a point. */
  readonly Type: string;
  /** In base64 where `Type` is `Binary`. */
  readonly Value: string;
}

/** A message of SNS about the subscription itself. Everything in it is covered by AWS's signature. */
export interface AwsSnsConfirmation<Type extends "SubscriptionConfirmation" | "UnsubscribeConfirmation"> {
  readonly Type: Type;
  readonly MessageId: string;
  readonly TopicArn: string;
  /** A sentence for people. */
  readonly Message: string;
  /** When it was sent, in ISO 8601. */
  readonly Timestamp: string;
  /** Confirms the subscription; in an `UnsubscribeConfirmation` it makes it anew. A secret: keep it out of logs. */
  readonly Token: string;
  /** The address that does the same when it is fetched. Stands on the host of SNS in the topic's region. */
  readonly SubscribeURL: string;
}
