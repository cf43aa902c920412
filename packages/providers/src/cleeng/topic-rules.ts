import type { CleengTopic } from "./events.ts";

/** How the event of one topic is known. */
export interface TopicRule {
  /** The fields of `data` that together name one event, and no other, for good. */
  readonly key?: readonly string[];
  /** The field of `data` that says when it happened. */
  readonly time?: string;
  /** The same body means the same thing to do, for as long as ids are kept. */
  readonly once?: true;
}

/**
 * The topics of which something is known. A key is here only where it cannot come again with another event: the id of a
 * pass names the making of it, but not its end, which a prolonged pass meets twice, nor a change that is taken back and
 * made again.
 */
export const topicRules: ReadonlyMap<string, TopicRule> = new Map<CleengTopic, TopicRule>([
  ["transactionCreated", { key: ["transactionId"], time: "transactionDate" }],
  ["customerRegistered", { key: ["customerId"] }],
  ["offerCreated", { key: ["offerId", "createdAt"], time: "createdAt" }],
  ["offerUpdated", { key: ["offerId", "updatedAt"], time: "updatedAt" }],
  ["offerPriceChanged", { key: ["offerId", "updatedAt"], time: "updatedAt" }],
  ["offerDeactivated", { key: ["offerId", "deactivatedAt"], time: "deactivatedAt" }],
  ["subscriptionReadyForPaymentAuthorisation", { key: ["subscriptionId", "dunningStatus", "dunningAttemptDate"] }],
  ["subscriptionReadyForPaymentCapture", { key: ["subscriptionId", "dunningStatus", "dunningAttemptDate"] }],
  ["passCreated", { key: ["passId"] }],
  // Orders to move money: to follow one of them twice is worse than to wait for a person.
  ["refundPayment", { once: true }],
  ["capturePayment", { once: true }],
]);
